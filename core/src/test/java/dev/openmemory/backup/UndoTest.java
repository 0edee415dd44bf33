package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.sample.AtPhase;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.CleanupRequest;
import dev.openmemory.backup.undo.SetAside;
import dev.openmemory.backup.undo.UndoReport;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An undo is a restore of what the last restore has set aside. */
class UndoTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");

  @TempDir Path temp;
  private WitnessedInstallation sample;
  private FileWriters writers;
  private Backups backups;
  private Map<String, String> old;
  private Map<String, String> restored;

  @BeforeEach
  void restore() throws IOException {
    sample = WitnessedInstallation.create(temp.resolve("openmemory"));
    writers = sample.writers();
    backups =
        Backups.in(new InMemoryBackupTarget())
            .withScratch(Files.createDirectories(temp.resolve("scratch")))
            .withClock(Clock.fixed(NOW, ZoneOffset.UTC));
    backups.create(sample.installation(), BackupRequest.STANDARD.withName(FIRST));
    sample.fill(2);
    old = data();
    writers.turnOn("c-store.counts", String.valueOf(Files.size(sample.data("live"))));
    backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD);
    restored = data();
    writers.forgetLog();
  }

  @Test
  void itPutsBackWhatTheRestoreReplacedWhileAllAreStoppedAndAsksTheFirstThatRuns()
      throws IOException {
    UndoReport report = undo();

    assertThat(data()).isEqualTo(old);
    assertThat(report.backup()).isEqualTo(FIRST);
    assertThat(report.setAside()).isEqualTo(NOW);
    assertThat(report.again()).isFalse();
    assertThat(report.places().keySet()).containsExactly("live", "detached");
    assertThat(report.previous().keySet()).containsExactlyInAnyOrder("live", "detached");
    assertThat(writers.logged())
        .containsSubsequence(
            "stop c-store",
            "apply live: paused/stopped",
            "apply detached: paused/stopped",
            "resume c-store",
            "confirm live: paused/running/stopped",
            "confirm detached: paused/running/stopped",
            "resume a-page",
            "commit detached: paused/running/stopped");
    assertThat(sample.runsAsBefore()).isTrue();
  }

  @Test
  void anotherUndoBringsTheRestoredDataBackAndSoOn() throws IOException {
    for (int round = 0; round < 3; round++) {
      assertThat(undo().again()).isFalse();
      assertThat(data()).isEqualTo(old);
      assertThat(undo().again()).isTrue();
      assertThat(data()).isEqualTo(restored);
      assertThat(setAside()).as("one state, and no more").hasSize(2).allMatch(SetAside::last);
    }
  }

  @Test
  void whatWasAddedSinceIsSetAsideToo() throws IOException {
    sample.fill(3);
    Map<String, String> later = data();
    undo();
    undo();
    assertThat(data()).isEqualTo(later);
  }

  @Test
  void aFolderAndAFileOfPluginsComeBackTooAndWhatWasNotThereGoesAndACleanupFindsThem()
      throws IOException {
    Path folder = Files.createDirectories(temp.resolve("papers"));
    Path file = temp.resolve("license");
    Files.writeString(folder.resolve("backed up"), "1");
    Files.writeString(file, "backed up");
    Installation installation =
        new Installation(
            temp.resolve("added"),
            List.of(
                new Part("papers-2", Map.of("path", folder.toString()), false),
                new Part("license", Map.of("path", file.toString()), false)));
    BackupName added = new BackupName("added");
    backups.create(installation, BackupRequest.STANDARD.withName(added));
    Files.move(folder.resolve("backed up"), folder.resolve("old"));
    Files.delete(file);

    assertThat(backups.restore(added, installation, RestoreRequest.STANDARD).undoable()).isTrue();
    assertThat(file).hasContent("backed up");
    backups.undo(installation, UndoRequest.STANDARD);

    assertThat(folder.resolve("old")).exists();
    assertThat(folder.resolve("backed up")).doesNotExist();
    assertThat(file).doesNotExist();
    backups.undo(installation, UndoRequest.STANDARD);
    assertThat(folder.resolve("backed up")).hasContent("1");
    assertThat(file).hasContent("backed up");
    assertThat(backups.setAside(installation)).hasSize(1).allMatch(SetAside::last);
    backups.cleanUp(installation, CleanupRequest.ALL);
    assertThat(folder).isDirectoryContaining(path -> path.endsWith("backed up"));
    assertThat(folder.resolve(".openmemory-backup")).doesNotExist();
  }

  @Test
  void aDryRunStopsNoWriterAndLeavesEverything() throws IOException {
    Map<String, String> before = sample.contents();
    UndoReport report = backups.undo(sample.installation(), UndoRequest.STANDARD.asDryRun());
    assertThat(report.dryRun()).isTrue();
    assertThat(writers.logged()).containsExactly("close control");
    assertThat(sample.contents()).isEqualTo(before);
  }

  @Test
  void whenAPartDoesNotConfirmAllIsPutBackAndCanBeUndoneLater() throws IOException {
    writers.turnOn("detached.refuses-confirm");
    assertThat(refused(sample.installation()).kind()).isEqualTo(Kind.ROLLED_BACK);
    assertThat(data()).isEqualTo(restored);
    assertThat(sample.runsAsBefore()).isTrue();

    writers.turnOff("detached.refuses-confirm");
    undo();
    assertThat(data()).isEqualTo(old);
  }

  @Test
  void theStoreHasToShowThePointsThatItHadBeforeTheRestore() throws IOException {
    writers.turnOff("c-store.counts");
    writers.turnOn("c-store.counts", "1");
    undo();
    assertThat(refused(sample.installation()).kind()).isEqualTo(Kind.ROLLED_BACK);
    assertThat(data()).isEqualTo(old);
  }

  @Test
  void afterARestoreThatSetNothingAsideThereIsNothingToUndo() throws IOException {
    RestoreRequest discarding = RestoreRequest.STANDARD.discardingPrevious();
    for (RestoreRequest each : List.of(discarding.asDryRun(), discarding)) {
      assertThat(backups.restore(FIRST, sample.installation(), each).undoable()).isFalse();
    }
    writers.forgetLog();
    assertRefused(Kind.NOT_FOUND, sample.installation());
  }

  @Test
  void nothingIsStoppedWhenAPartIsGone() throws IOException {
    Path kept = folder("detached");
    Files.move(kept, temp.resolve("elsewhere"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(assertRefused(Kind.NOT_FOUND, sample.installation()))
        .hasMessageContaining(kept.toString());
  }

  @Test
  void nothingIsStoppedWhenAPartDidNotExistBeforeTheRestore() throws IOException {
    Files.delete(sample.data("detached"));
    backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD);
    writers.forgetLog();
    assertThat(assertRefused(Kind.NOT_FOUND, sample.installation()))
        .hasMessageContaining("the detached did not exist before the restore");
  }

  @Test
  void nothingIsStoppedWhenTheDataIsInAnotherPlaceNow() throws IOException {
    WitnessedInstallation other = WitnessedInstallation.create(temp.resolve("other"));
    Installation moved =
        new Installation(sample.home(), other.installation().parts())
            .withWriters(writers.asWriters());
    assertThat(assertRefused(Kind.INVALID, moved))
        .hasMessageContaining(sample.data("live").toString())
        .hasMessageContaining(other.data("live").toString());
  }

  @Test
  void aCleanupRemovesWhatRestoresHaveSetAsideAndNothingElse() throws IOException {
    Path previous = Objects.requireNonNull(folder("live").getParent());
    Path own = Files.createDirectories(previous.resolve("of-mine"));
    Path unfinished =
        Files.createDirectories(
            previous.resolveSibling("restore-20240101-000000-00000000-live").resolve("old"));
    backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD);

    CleanupReport some = cleanUp(CleanupRequest.ALL.keepingLast());
    assertThat(some.removed()).hasSize(2).noneMatch(SetAside::last);
    assertThat(some.left()).hasSize(2).allMatch(SetAside::last);
    assertThat(some.bytes()).isEqualTo(2 * Files.size(sample.data("live")));
    undo();
    CleanupReport all = cleanUp(CleanupRequest.ALL);

    assertThat(all.removed()).hasSize(2);
    assertThat(setAside()).isEmpty();
    assertThat(own).isDirectory();
    assertThat(unfinished).isDirectory();
    assertThat(sample.home().resolve("detached/.openmemory-backup")).doesNotExist();
    writers.forgetLog();
    assertRefused(Kind.NOT_FOUND, sample.installation());
  }

  @Test
  void aDryRunOfACleanupRemovesNothing() throws IOException {
    Map<String, String> before = sample.contents();
    assertThat(cleanUp(CleanupRequest.ALL.asDryRun()).removed()).hasSize(2);
    assertThat(sample.contents()).isEqualTo(before);
  }

  @Test
  void noCleanupWhileARestoreIsAtWorkOrUnfinished() throws IOException {
    List<Kind> refusals = new ArrayList<>();
    writers.turnOn("detached.refuses-apply");
    writers.turnOn("detached.refuses-rollback");
    Backups watched =
        backups.withListener(
            new AtPhase(Phase.APPLY, "detached", () -> refusals.add(refusedCleanup())));
    BackupException failure =
        catchThrowableOfType(
            BackupException.class,
            () -> watched.restore(FIRST, sample.installation(), RestoreRequest.STANDARD));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    Map<String, String> before = data();
    refusals.add(refusedCleanup());

    assertThat(refusals).containsExactly(Kind.LOCKED, Kind.DENIED);
    assertThat(data()).isEqualTo(before);
    assertThat(setAside()).hasSize(2);
  }

  private Kind refusedCleanup() {
    return catchThrowableOfType(BackupException.class, () -> cleanUp(CleanupRequest.ALL)).kind();
  }

  private UndoReport undo() throws BackupException {
    return backups.undo(sample.installation(), UndoRequest.STANDARD);
  }

  private CleanupReport cleanUp(CleanupRequest request) throws BackupException {
    return backups.cleanUp(sample.installation(), request);
  }

  private List<SetAside> setAside() throws BackupException {
    return backups.setAside(sample.installation());
  }

  private Path folder(String component) throws BackupException {
    return setAside().stream()
        .filter(each -> each.component().equals(component))
        .findFirst()
        .orElseThrow()
        .folder();
  }

  private BackupException refused(Installation installation) {
    return catchThrowableOfType(
        BackupException.class, () -> backups.undo(installation, UndoRequest.STANDARD));
  }

  private BackupException assertRefused(Kind kind, Installation installation) throws IOException {
    Map<String, String> before = data();
    BackupException failure = refused(installation);
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    assertThat(writers.logged()).noneMatch(line -> line.matches("(pause|stop|apply) .*"));
    assertThat(data()).isEqualTo(before);
    assertThat(sample.restoreRecord()).doesNotExist();
    return failure;
  }

  /** What is in place. */
  private Map<String, String> data() throws IOException {
    Map<String, String> data = sample.checksums();
    data.keySet().removeIf(name -> name.contains(".openmemory-backup"));
    return data;
  }
}
