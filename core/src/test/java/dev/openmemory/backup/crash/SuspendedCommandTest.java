package dev.openmemory.backup.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.crash.CrashWorld.Command;
import dev.openmemory.backup.crash.CrashWorld.Moment;
import dev.openmemory.backup.sample.MemoryFolder;
import dev.openmemory.backup.testkit.disk.DiskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * At each of its changes a command stands still for longer than a lease, or the clock of its host
 * is set. The monotonic clock does not count either.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SuspendedCommandTest {
  @TempDir(factory = MemoryFolder.class)
  Path temporary;

  private CrashWorld world;
  private Installation installation;
  private DiskState restored;
  private DiskState present;
  private Moment begin;

  @BeforeEach
  void create() throws IOException {
    world = new CrashWorld(temporary);
    world.fill("first");
    installation = world.installation(true);
    world.backups().create(installation, BackupRequest.named("first"));
    world.fill("second");
    present = world.parts();
    begin = world.now();
    restore();
    restored = world.parts();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void aClockThatIsSetCostsNoBackup(long hours) throws IOException {
    int changes =
        atEachChange(
            () -> world.clock().set(Duration.ofHours(hours)),
            () -> {
              backup();
              CrashWorld.assertAllSound(world.backups());
              assertThat(world.parts()).isEqualTo(present);
              world.assertNothingLeft();
            });
    assertThat(changes).isGreaterThan(40);
  }

  /** Another run on the home is locked out at each of these moments. */
  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void aClockThatIsSetCostsNoRestore(long hours) throws IOException {
    int changes =
        atEachChange(
            () -> {
              world.clock().set(Duration.ofHours(hours));
              assertLockedOut();
            },
            () -> {
              restore();
              assertThat(world.parts()).isEqualTo(restored);
            });
    assertThat(changes).isGreaterThan(80);
  }

  private void assertLockedOut() throws IOException {
    DiskState before = world.parts();
    if (Files.exists(world.home().resolve(".openmemory-backup/restore.json"))) {
      assertThatThrownBy(() -> world.backups().recover(installation))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED));
    }
    assertThat(world.parts()).isEqualTo(before);
  }

  /** What another run has taken for that of an ended one. */
  enum Lock {
    TARGET,
    HOME
  }

  @ParameterizedTest
  @EnumSource
  void aBackupThatWasSuspendedAndTakenForEndedPublishesNothing(Lock lock) throws IOException {
    int[] lost = {0};
    atEachChange(
        () -> {
          world.clock().set(Duration.ofHours(1));
          if (lock == Lock.TARGET) {
            world.target().takeLocksOver();
          } else {
            world.takeHomeOver();
          }
        },
        () -> {
          boolean published = isDone(this::backup);
          lost[0] += published ? 0 : 1;
          assertThat(world.backups().list().stream().map(BackupSummary::name))
              .contains(new BackupName("first"))
              .hasSize(published ? 2 : 1);
          CrashWorld.assertAllSound(world.backups());
          world.assertNothingLeft();
        });
    assertThat(lost[0]).isGreaterThan(20);
  }

  /** As by a run of another host, which does not see the lock of this system. */
  @Test
  void aRestoreThatWasSuspendedAndTakenForEndedBeginsNoExchange() throws IOException {
    int[] lost = {0};
    atEachChange(
        () -> {
          world.clock().set(Duration.ofHours(1));
          world.takeHomeOver();
        },
        () -> {
          DiskState whole = isDone(this::restore) ? restored : present;
          lost[0] += whole.equals(present) ? 1 : 0;
          assertThat(world.parts()).isEqualTo(whole);
          world.backups().recover(installation);
          assertThat(world.parts()).isEqualTo(whole);
        });
    assertThat(lost[0]).isGreaterThan(20);
  }

  /** False when the lock was lost. */
  private static boolean isDone(Command command) throws IOException {
    try {
      command.run();
      return true;
    } catch (BackupException e) {
      assertThat(e.kind()).isEqualTo(Kind.LOCKED);
      return false;
    }
  }

  private void restore() throws IOException {
    world.backups().restore(new BackupName("first"), installation, RestoreRequest.STANDARD);
  }

  private void backup() throws IOException {
    world.backups().create(installation, BackupRequest.named("next"));
  }

  private int atEachChange(Command meanwhile, Command command) throws IOException {
    int change = 0;
    boolean reached = true;
    while (reached) {
      world.become(begin);
      world.clock().set(Duration.ZERO);
      try {
        reached = world.meanwhile(change, meanwhile, command);
        world.assertInOrder();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("before change " + change, e);
      }
      change++;
    }
    return change;
  }
}
