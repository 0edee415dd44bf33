package dev.openmemory.backup.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.SyncRequest;
import dev.openmemory.backup.crash.CrashWorld.Command;
import dev.openmemory.backup.crash.CrashWorld.Moment;
import dev.openmemory.backup.testkit.disk.DiskState;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Survivors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends each command at each of its changes, by a kill and by a loss of power. */
class CommandCrashTest {
  private static final Set<Survivors> KILL = EnumSet.of(Survivors.EVERYTHING);
  private static final Set<Survivors> ALL = EnumSet.allOf(Survivors.class);

  @TempDir Path temporary;
  private CrashWorld world;

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
    List<Moment> moments =
        world.momentsOf(ALL, () -> world.backups().create(installation, BackupRequest.named("ended")));
    System.err.println("POINTS backup " + moments.size());
    for (Moment moment : moments) {
      after(
          moment,
          () -> {
            CrashWorld.assertAllSound(world.backups());
            world.backups().create(installation, BackupRequest.named("next"));
            CrashWorld.assertAllSound(world.backups());
            assertThat(world.parts()).isEqualTo(data);
          });
    }
  }

  @Test
  void aRestoreThatEndsAnywhereIsUndoneOrFinishedByTheNextCommand() throws IOException {
    restore(world.installation(true), ALL);
  }

  @Test
  void aRestoreWithoutWritersThatEndsAnywhereIsUndoneOrFinishedByTheNextCommand()
      throws IOException {
    restore(world.installation(false), KILL);
  }

  private void restore(Installation installation, Set<Survivors> survivors) throws IOException {
    world.backups().create(installation, BackupRequest.named("first"));
    world.fill("second");
    DiskState old = world.parts();
    Command restore =
        () ->
            world
                .backups()
                .restore(new BackupName("first"), installation, RestoreRequest.STANDARD);
    List<Moment> moments = world.momentsOf(survivors, restore);
    System.err.println("POINTS restore " + moments.size());
    DiskState restored = world.parts();
    for (Moment moment : moments) {
      after(moment, () -> {
            world.backups().recover(installation);
            assertThat(world.parts()).isIn(old, restored);
            world.backups().recover(installation);
            world.backups().create(installation, BackupRequest.named("after-recovery"));
          });
      after(moment, () -> {
            world.backups().create(installation, BackupRequest.named("next"));
            assertThat(world.parts()).isIn(old, restored);
          });
      after(moment, () -> {
            restore.run();
            assertThat(world.parts()).isEqualTo(restored);
          });
    }
  }

  @Test
  void aSyncThatEndsAnywhereIsContinuedByTheNextOne() throws IOException {
    world.backups().create(world.installation(false), BackupRequest.named("one"));
    world.backups().create(world.installation(false), BackupRequest.named("two"));
    Command sync = () -> world.backups().sync(world.targetOfCopies(), SyncRequest.STANDARD);
    List<Moment> moments = world.momentsOf(KILL, sync);
    System.err.println("POINTS sync " + moments.size());
    for (Moment moment : moments) {
      after(
          moment,
          () -> {
            CrashWorld.assertAllSound(world.copies());
            sync.run();
            assertThat(world.targetOfCopies().objects().keySet())
                .isEqualTo(world.target().objects().keySet());
            CrashWorld.assertAllSound(world.copies());
          });
    }
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
