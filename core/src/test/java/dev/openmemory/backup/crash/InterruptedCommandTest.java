package dev.openmemory.backup.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.crash.CrashWorld.Command;
import dev.openmemory.backup.crash.CrashWorld.Confirmed;
import dev.openmemory.backup.crash.CrashWorld.Moment;
import dev.openmemory.backup.sample.MemoryFolder;
import dev.openmemory.backup.testkit.disk.DiskState;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A signal comes, or the disk is full, once or for good, at each change of a command. A writer
 * confirms changes at each moment at which it runs.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class InterruptedCommandTest {
  /** What happens just before a change. */
  enum Trouble {
    /** So that all goes well. */
    NONE,
    /** What the command line does for Ctrl-C, SIGTERM and SIGHUP. */
    SIGNAL,
    /** One change fails. */
    FULL_DISK,
    /** Nothing can be written from then on; what is there can be moved and deleted. */
    DISK_STAYS_FULL
  }

  @TempDir(factory = MemoryFolder.class)
  Path temporary;

  private CrashWorld world;
  private Installation installation;
  private Cancellation cancellation;
  private DiskState restored;
  private DiskState old;
  private Moment begin;
  private @Nullable BackupException failure;

  @BeforeEach
  void create() throws IOException {
    world = new CrashWorld(temporary);
    world.fill("first");
    installation = world.installation(true);
    world.backups().create(installation, BackupRequest.named("first"));
    world.fill("second");
    old = world.parts();
    begin = world.now();
    restore(world.backups());
    restored = world.parts();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @ParameterizedTest
  @EnumSource
  void aBackupLeavesWritersRunningAndNothingInPartListed(Trouble trouble) throws IOException {
    BackupRequest request = BackupRequest.named("next");
    atEachChange(
        trouble, true, backups -> backups.create(installation, request), this::assertNoRestore);
  }

  @ParameterizedTest
  @MethodSource("stops")
  void soDoesOneThatStopsThem(Trouble trouble, boolean stubborn) throws IOException {
    BackupRequest request = BackupRequest.named("next").withQuiesce(Quiesce.STOP);
    atEachChange(
        trouble, stubborn, backups -> backups.create(installation, request), this::assertNoRestore);
  }

  @ParameterizedTest
  @MethodSource("stops")
  void aRestoreIsWholeOrUndoneAndLosesNoChangeThatWasConfirmedSinceTheFirstStop(
      Trouble trouble, boolean stubborn) throws IOException {
    atEachChange(trouble, stubborn, this::restore, this::assertWholeAndNothingLost);
  }

  /** With writers that ignore SIGTERM, and with such that end at once. */
  static Stream<Arguments> stops() {
    return Stream.of(Trouble.values())
        .flatMap(trouble -> Stream.of(true, false).map(ignore -> Arguments.of(trouble, ignore)));
  }

  private void restore(Backups backups) throws IOException {
    backups.restore(new BackupName("first"), installation, RestoreRequest.STANDARD);
  }

  private interface Work {
    void with(Backups backups) throws IOException;
  }

  private interface Look {
    void at(Confirmed changes) throws IOException;
  }

  private void atEachChange(Trouble trouble, boolean stubborn, Work work, Look look)
      throws IOException {
    world.areStubborn(stubborn);
    int change = 0;
    boolean reached = true;
    while (reached) {
      world.become(begin);
      cancellation = new Cancellation();
      Confirmed changes = world.confirmChanges();
      String when = trouble + " before change " + change;
      try {
        failure = null;
        Attempt attempt = new Attempt(work);
        reached =
            world.meanwhile(change, () -> happens(trouble), attempt) && trouble != Trouble.NONE;
        assertThat(Thread.interrupted()).as(when).isIn(false, trouble == Trouble.SIGNAL);
        attempt.assertWritersRun();
        putInOrder();
        world.assertInOrder();
        look.at(changes);
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(when + ", " + failure, e);
      }
      change++;
    }
    assertThat(change).isGreaterThan(trouble == Trouble.NONE ? 0 : 40);
  }

  private void happens(Trouble trouble) throws IOException {
    if (trouble == Trouble.SIGNAL) {
      cancellation.cancel();
      Thread.currentThread().interrupt();
    } else if (trouble == Trouble.FULL_DISK) {
      throw new FileSystemException("file", null, "No space left on device");
    } else if (trouble == Trouble.DISK_STAYS_FULL) {
      world.fillDisk(true);
    }
  }

  /** A first try may find the disk still full; after two that fail a person has to say so. */
  private void putInOrder() throws IOException {
    for (int i = 0; i < 2; i++) {
      try {
        world.backups().recover(installation);
      } catch (BackupException e) {
        failure = e;
      }
      world.fillDisk(false);
    }
    world.backups().retryRecovery(installation);
  }

  /** Runs the work; how it fails is for what is looked at then. */
  private final class Attempt implements Command {
    private final Work work;

    private Attempt(Work work) {
      this.work = work;
    }

    @Override
    public void run() throws IOException {
      try {
        work.with(world.backups().withCancellation(cancellation));
      } catch (BackupException e) {
        failure = e;
      }
    }

    private void assertWritersRun() {
      if (failure == null || failure.kind() != Kind.NOT_ROLLED_BACK) {
        world.assertWritersRun();
      }
    }
  }

  private void assertNoRestore(Confirmed changes) throws IOException {
    CrashWorld.assertAllSound(world.backups());
    assertThat(world.parts()).isEqualTo(old);
    assertThat(world.changesIn(false)).containsAll(changes.before()).containsAll(changes.since());
  }

  private void assertWholeAndNothingLost(Confirmed changes) throws IOException {
    assertThat(world.parts()).isIn(old, restored);
    boolean undone = world.parts().equals(old);
    assertThat(world.changesIn(false)).containsAll(changes.since());
    assertThat(world.changesIn(!undone)).containsAll(changes.before());
  }
}
