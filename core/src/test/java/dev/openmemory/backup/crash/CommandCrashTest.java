package dev.openmemory.backup.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.crash.CrashWorld.Command;
import dev.openmemory.backup.crash.CrashWorld.Moment;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.sample.MemoryFolder;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.disk.DiskState;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Survivors;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ends each command at each of its changes, by a kill and by a loss of power. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CommandCrashTest {
  private static final Set<Survivors> KILL = EnumSet.of(Survivors.EVERYTHING);
  private static final Set<Survivors> ALL = EnumSet.allOf(Survivors.class);

  private static final int RECOVERIES_APART = 20;

  @TempDir(factory = MemoryFolder.class)
  Path temporary;

  private CrashWorld world;
  private DiskState old;
  private DiskState restored;

  @BeforeEach
  void create() throws IOException {
    world = new CrashWorld(temporary);
    world.fill("first");
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aBackupThatEndsAnywhereLeavesNothingListedThatFailsAndTheNextOneCleansUp()
      throws IOException {
    Installation installation = world.installation(true);
    DiskState data = world.parts();
    List<Moment> moments = world.momentsOf(ALL, backup(installation, "ended"));
    for (Moment moment : moments) {
      after(
          moment,
          () -> {
            CrashWorld.assertAllSound(world.backups());
            backup(installation, "next").run();
            CrashWorld.assertAllSound(world.backups());
            assertThat(world.parts()).isEqualTo(data);
            world.assertNothingLeft();
          });
    }
    assertThat(moments.size()).isGreaterThan(50);
  }

  /** By a backup and a restore in turn: both begin with the recovery that has its own test. */
  @Test
  void aRestoreThatEndsAnywhereIsUndoneOrFinishedByTheNextCommand() throws IOException {
    Installation installation = world.installation(true);
    List<Moment> moments = momentsOfRestore(KILL, installation);
    for (int i = 0; i < moments.size(); i++) {
      boolean restores = i % 2 == 0;
      after(
          moments.get(i),
          () -> {
            (restores ? restore(installation) : backup(installation, "next")).run();
            assertThat(world.parts()).isIn(restores ? List.of(restored) : List.of(old, restored));
            world.assertNothingLeft();
          });
    }
    assertThat(moments.size()).isGreaterThan(80);
  }

  @Test
  void aRestoreThatEndsAnywhereIsUndoneOrFinishedByARecovery() throws IOException {
    List<Moment> moments = momentsOfRestore(ALL, world.installation(true));
    for (Moment moment : moments) {
      after(moment, () -> assertRecovered(world.installation(true)));
    }
    assertThat(moments.size()).isGreaterThan(150);
  }

  /** The data was exchanged and confirmed, and then the API did not start on it. */
  @Test
  void aRestoreThatFailsAndEndsAnywhereWhileItIsUndoneIsUndoneByARecovery() throws IOException {
    Installation installation = world.installation(true);
    backup(installation, "first").run();
    world.fill("second");
    old = world.parts();
    Moment begin = world.now();
    restore(installation).run();
    restored = world.parts();
    world.become(begin);
    world.startOnlyOn(old, restored);
    world.refuseNextStart("b-api");
    Command failing =
        () ->
            assertThatThrownBy(restore(installation)::run)
                .isInstanceOfSatisfying(
                    BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ROLLED_BACK));
    List<Moment> moments = world.momentsOf(ALL, failing);
    assertThat(world.parts()).isEqualTo(old);
    for (Moment moment : moments) {
      after(moment, () -> assertRecovered(installation));
    }
    assertThat(moments.size()).isGreaterThan(150);
  }

  @Test
  void aRestoreWithoutWritersThatEndsAnywhereIsUndoneOrFinishedByARecovery() throws IOException {
    List<Moment> moments = momentsOfRestore(KILL, world.installation(false));
    for (Moment moment : moments) {
      after(moment, () -> assertRecovered(world.installation(false)));
    }
    assertThat(moments.size()).isGreaterThan(60);
  }

  /** After a backup, and after some moments of a restore: all of those take minutes. */
  @Test
  void aRecoveryThatEndsAnywhereIsDoneAgain() throws IOException {
    Installation installation = world.installation(true);
    List<Moment> restore = momentsOfRestore(KILL, installation);
    List<Moment> begun = new ArrayList<>(world.momentsOf(KILL, backup(installation, "ended")));
    for (int i = 0; i < restore.size(); i += RECOVERIES_APART) {
      begun.add(restore.get(i));
    }
    Set<Object> seen = new HashSet<>();
    for (Moment first : begun) {
      world.become(first);
      for (Moment moment : world.momentsOf(ALL, () -> world.backups().recover(installation))) {
        if (seen.add(moment.state())) {
          Moment both = new Moment(moment.state(), first + "; recovery: " + moment);
          after(both, () -> assertRecovered(installation));
        }
      }
    }
    assertThat(seen.size()).isGreaterThan(100);
  }

  /** {@code unlock --restore}, of a restore whose data was exchanged and not confirmed. */
  @Test
  void aRepairThatIsAcceptedOrRetriedAndEndsAnywhereIsDoneAgain() throws IOException {
    Installation installation = world.installation(true);
    List<Moment> restore = momentsOfRestore(KILL, installation);
    Collections.reverse(restore);
    Moment exchanged = restore.get(0);
    for (Moment moment : restore) {
      world.become(moment);
      if (world.restoreRecord().contains("applying") && world.parts().equals(restored)) {
        exchanged = moment;
        break;
      }
    }
    Command accept = () -> world.backups().acceptRepair(installation);
    Command retry = () -> world.backups().retryRecovery(installation);
    for (Command unlock : List.of(accept, retry)) {
      world.become(exchanged);
      List<Moment> moments = world.momentsOf(ALL, unlock);
      for (Moment moment : moments) {
        world.become(moment);
        unlock.run();
        assertThat(world.parts()).as("%s", moment).isEqualTo(unlock == accept ? restored : old);
        assertThat(world.restoreRecord()).as("%s", moment).isEmpty();
        world.assertWritersRun();
      }
      assertThat(moments.size()).isGreaterThan(8);
    }
  }

  @Test
  void aRestoreThatDiscardsAndEndsBeforeAllRunOnItKeepsTheDataFromBefore() throws IOException {
    Installation installation = world.installation(true);
    backup(installation, "first").run();
    world.fill("second");
    old = world.parts();
    RestoreRequest discarding = RestoreRequest.STANDARD.discardingPrevious();
    List<Moment> moments =
        world.momentsOf(
            KILL, () -> world.backups().restore(new BackupName("first"), installation, discarding));
    restored = world.parts();
    assertThat(world.hasSetAside("second")).isFalse();
    world.startOnlyOn(old, restored);
    int exchanged = 0;
    for (Moment moment : moments) {
      world.become(moment);
      boolean allRan = world.runAll();
      world.backups().recover(installation);
      if (!allRan && world.parts().equals(restored)) {
        exchanged++;
        assertThat(world.hasSetAside("second")).as("%s", moment).isTrue();
      }
    }
    assertThat(exchanged).isPositive();
  }

  /** Only the store runs until a restore is confirmed. */
  @Test
  void whatTheStoreChangedBeforeARestoreEndedIsKeptWhenTheRestoreIsTakenBack() throws IOException {
    Installation installation = world.installation(true);
    int tried = 0;
    for (Moment moment : momentsOfRestore(KILL, installation)) {
      world.become(moment);
      if (world.restoreRecord().contains("applying")
          && world.all().get("c-store").equals("running")) {
        tried++;
        world.changeStorage("by the store");
        Command recovery =
            () ->
                assertThat(String.join("\n", world.backups().recover(installation)))
                    .contains("kept in", "storage/.openmemory-backup/previous/");
        for (Moment killed : world.momentsOf(KILL, recovery)) {
          after(
              killed,
              () -> {
                world.backups().recover(installation);
                assertThat(world.parts()).isEqualTo(old);
                assertThat(world.keptTexts()).anyMatch(text -> text.contains("by the store"));
              });
        }
      }
    }
    assertThat(tried).isPositive();
  }

  /** A person puts data of another day there, and starts everything on it. */
  @Test
  void aRepairByHandAfterARestoreThatEndedWhileOnlyTheStoreRanIsLeftAlone() throws IOException {
    Installation installation = world.installation(true);
    List<Moment> restore = momentsOfRestore(KILL, installation);
    int tried = 0;
    for (Moment moment : restore) {
      world.become(moment);
      if (world.restoreRecord().contains("applying")
          && world.all().get("c-store").equals("running")) {
        tried++;
        for (String by : List.of("the next backup", "a recovery")) {
          world.become(moment);
          world.replaceDatabase("of another day".repeat(99));
          world.startAll();
          assertLeftAloneUntilAccepted(installation, by);
        }
      }
    }
    assertThat(tried).isPositive();
  }

  private void assertLeftAloneUntilAccepted(Installation installation, String by)
      throws IOException {
    DiskState repaired = world.parts();
    Command next =
        by.equals("a recovery")
            ? () -> world.backups().recover(installation)
            : backup(installation, "next");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(next::run)
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_ROLLED_BACK))
          .hasMessageContaining("unlock --restore repaired")
          .hasMessageContaining("api/.openmemory-backup/restore-");
      assertThat(world.parts()).isEqualTo(repaired);
      world.assertWritersRun();
    }
    world.startOnlyOn(repaired);
    world.backups().acceptRepair(installation);
    assertThat(world.parts()).isEqualTo(repaired);
    assertThat(world.restoreRecord()).isEmpty();
    world.assertWritersRun();
    world.startOnlyOn(old, restored);
  }

  private Command backup(Installation installation, String name) {
    return () -> world.backups().create(installation, BackupRequest.named(name));
  }

  private Command restore(Installation installation) {
    RestoreRequest request = RestoreRequest.STANDARD;
    return () -> world.backups().restore(new BackupName("first"), installation, request);
  }

  private List<Moment> momentsOfRestore(Set<Survivors> survivors, Installation installation)
      throws IOException {
    backup(installation, "first").run();
    world.fill("second");
    old = world.parts();
    List<Moment> moments = world.momentsOf(survivors, restore(installation));
    restored = world.parts();
    world.startOnlyOn(old, restored);
    return moments;
  }

  private void assertRecovered(Installation installation) throws IOException {
    world.backups().recover(installation);
    assertThat(world.parts()).isIn(old, restored);
    assertThat(world.backups().recover(installation)).isEmpty();
  }

  /** What is not in place stays set aside, so that the next undo brings it back. */
  @Test
  void anUndoThatEndsAnywhereIsUndoneOrFinishedByTheNextOneAndLosesNothing() throws IOException {
    Installation installation = world.installation(true);
    momentsOfRestore(KILL, installation);
    Command undo = () -> world.backups().undo(installation, UndoRequest.STANDARD);
    List<Moment> moments = world.momentsOf(ALL, undo);
    assertThat(world.parts()).isEqualTo(old);
    for (Moment moment : moments) {
      after(
          moment,
          () -> {
            assertRecovered(installation);
            DiskState other = world.parts().equals(old) ? restored : old;
            undo.run();
            assertThat(world.parts()).isEqualTo(other);
            world.assertNothingLeft();
          });
    }
    assertThat(moments.size()).isGreaterThan(80);
  }

  @Test
  void aSyncThatEndsAnywhereIsContinuedByTheNextOne() throws IOException {
    backup(world.installation(false), "one").run();
    backup(world.installation(false), "two").run();
    Command sync = () -> world.backups().sync(world.targetOfCopies(), SyncRequest.STANDARD);
    List<Moment> moments = world.momentsOf(KILL, sync);
    for (Moment moment : moments) {
      after(
          moment,
          () -> {
            CrashWorld.assertAllSound(world.copies());
            sync.run();
            assertThat(world.targetOfCopies().bytes()).isEqualTo(world.target().bytes());
            world.assertNothingLeft();
          });
    }
    assertThat(moments.size()).isGreaterThan(15);
  }

  @Test
  void aDeletionThatEndsAnywhereLeavesTheBackupWholeOrGone() throws IOException {
    backup(world.installation(false), "one").run();
    backup(world.installation(false), "two").run();
    assertWholeOrGone(() -> world.backups().delete(new BackupName("one")), 8);
  }

  @Test
  void aPruneThatEndsAnywhereLeavesEachBackupWholeOrGone() throws IOException {
    for (String name : List.of("one", "two", "three")) {
      backup(world.installation(false), name).run();
    }
    PruneRequest newest = PruneRequest.by(RetentionPolicy.in(ZoneOffset.UTC).keepLast(1));
    assertWholeOrGone(() -> world.backups().prune(newest), 15);
  }

  @Test
  void pinningThatEndsAnywhereLeavesTheBackupWhole() throws IOException {
    backup(world.installation(false), "one").run();
    BackupName name = new BackupName("one");
    assertWholeOrGone(() -> world.backups().pin(name), 2);
    assertWholeOrGone(() -> world.backups().unpin(name), 2);
  }

  @Test
  void anImportThatEndsAnywhereLeavesTheBackupWholeOrGone() throws IOException {
    backup(world.installation(false), "one").run();
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    world.backups().exportArchive(new BackupName("one"), ArchiveFormat.TAR, archive);
    assertWholeOrGone(
        () ->
            world
                .copies()
                .importArchive(
                    new ByteArrayInputStream(archive.toByteArray()), ImportRequest.STANDARD),
        7);
  }

  private void assertWholeOrGone(Command command, int atLeast) throws IOException {
    List<Moment> moments = world.momentsOf(KILL, command);
    for (Moment moment : moments) {
      after(
          moment,
          () -> {
            CrashWorld.assertAllSound(world.backups());
            CrashWorld.assertAllSound(world.copies());
            world.copies().sweepLeftovers();
            world.backups().create(world.installation(false), BackupRequest.STANDARD);
            world.assertNothingLeft();
          });
    }
    assertThat(moments.size()).isGreaterThanOrEqualTo(atLeast);
  }

  private void after(Moment moment, Command next) throws IOException {
    world.become(moment);
    try {
      next.run();
      world.assertInOrder();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("when " + moment, e);
    }
  }
}
