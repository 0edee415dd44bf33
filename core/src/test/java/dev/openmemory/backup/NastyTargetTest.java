package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.prune.PruneReport.Decision;
import dev.openmemory.backup.prune.PruneReport.Outcome;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.testkit.NastyBackupTarget;
import dev.openmemory.backup.testkit.NastyBackupTarget.Habit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The life of backups in stores that do not do what they should: it works, or it fails clearly. */
class NastyTargetTest extends SampleBackupFixture {
  private static final BackupName FIRST = new BackupName("first");
  private static final BackupName SECOND = new BackupName("second");

  private final InMemoryBackupTarget store = new InMemoryBackupTarget();

  @Test
  void whereAllThatIsTolerableComesTogetherABackupIsMadeListedVerifiedAndRestored()
      throws IOException {
    store.write(new ObjectName("notes/todo.txt"), out -> out.write(1), WriteOptions.CREATE_ONLY);
    Backups nasty = in(new NastyBackupTarget(store, Habit.tolerable()));

    create(nasty, FIRST);

    assertThat(nasty.list())
        .extracting(BackupSummary::name, BackupSummary::state)
        .containsExactly(tuple(FIRST, State.COMPLETE));
    assertThat(nasty.verify(FIRST).ok()).isTrue();
    Path copy = temp.resolve("copy");
    nasty.restore(FIRST, Installation.inFolder(copy), RestoreRequest.STANDARD);
    assertThat(copy.resolve("api/config.json")).hasSameBinaryContentAs(sample.config());
  }

  @Test
  void whereDeletesAreRefusedADeletionAndAPruneSaySoAndEachBackupStaysSound() throws IOException {
    create(in(store), FIRST);
    create(in(store), SECOND);
    Backups nasty = in(new NastyBackupTarget(store, Set.of(Habit.REFUSED_DELETES)));
    RetentionPolicy one = RetentionPolicy.in(ZoneOffset.UTC).keepLast(1);

    assertThat(failureOf(() -> nasty.delete(FIRST)).kind()).isEqualTo(Kind.DENIED);
    assertThat(nasty.prune(PruneRequest.by(one)).decisions())
        .filteredOn(decision -> decision.name().equals(FIRST))
        .extracting(Decision::outcome)
        .containsExactly(Outcome.NOT_REMOVED);

    assertThat(nasty.list()).hasSize(2).allMatch(backup -> backup.state() == State.COMPLETE);
    assertThat(nasty.verify(FIRST).ok()).isTrue();
  }

  @Test
  void whereDeletesAreRefusedOneBackupWarnsAndOneLockStays() throws IOException {
    Backups nasty = in(new NastyBackupTarget(store, Set.of(Habit.REFUSED_DELETES)));

    assertThat(warnings(nasty, FIRST)).containsExactly("not-cleaned-up");
    assertThat(warnings(nasty, SECOND)).isEmpty();
    assertThat(warnings(nasty, new BackupName("third"))).isEmpty();

    assertThat(store.list("run-lock_")).hasSize(1);
    assertThat(nasty.list()).hasSize(3).allMatch(backup -> backup.state() == State.COMPLETE);
    assertThat(warnings(in(store), new BackupName("fourth"))).as("with rights").isEmpty();
    assertThat(store.list("run-lock_")).isEmpty();
  }

  private List<String> warnings(Backups in, BackupName name) throws IOException {
    BackupRequest request = BackupRequest.STANDARD.withName(name);
    BackupReport made = in.create(sample.installation(), request);
    return Stream.concat(made.manifest().warnings().stream(), made.lateWarnings().stream())
        .map(Warning::code)
        .filter(code -> Set.of("leftovers-remain", "not-cleaned-up").contains(code))
        .toList();
  }

  @Test
  void listsThatAreLateFailNoBackup() throws IOException {
    create(in(new NastyBackupTarget(store, Set.of(Habit.LATE_LISTS))), FIRST);

    assertThat(in(store).verify(FIRST).ok()).isTrue();
  }

  /** What a run reports is compared with what the store really has. */
  @ParameterizedTest
  @MethodSource("intolerable")
  void noHabitOfAStoreMakesARunReportABackupThatIsNotThere(Habit habit) throws IOException {
    Backups nasty = in(new NastyBackupTarget(store, Set.of(habit)));
    boolean reported;
    try {
      create(nasty, FIRST);
      reported = true;
    } catch (BackupException e) {
      assertThat(e.kind()).isNotEqualTo(Kind.CANCELLED);
      assertThat(e.fact()).isNotBlank();
      reported = false;
    }

    Backups really = in(store);
    boolean there =
        really.list().stream().anyMatch(backup -> backup.state() == State.COMPLETE)
            && really.verify(FIRST).ok();
    assertThat(there).as("reported %s", reported).isEqualTo(reported);
  }

  static Set<Habit> intolerable() {
    return EnumSet.complementOf(EnumSet.copyOf(Habit.tolerable()));
  }

  private Backups in(BackupTarget target) {
    return Backups.in(target).withScratch(temp.resolve("scratch")).withLockTimeout(Duration.ZERO);
  }

  private void create(Backups in, BackupName name) throws IOException {
    in.create(sample.installation(), BackupRequest.STANDARD.withName(name));
  }
}
