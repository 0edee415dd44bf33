package dev.openmemory.backup.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.crash.CrashWorld.Command;
import dev.openmemory.backup.crash.CrashWorld.Moment;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.pause.ProcessEnd;
import dev.openmemory.backup.sample.ListedWriters;
import dev.openmemory.backup.sample.MemoryFolder;
import dev.openmemory.backup.testkit.disk.DiskState;
import java.io.IOException;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is asked to end at each change of a command. The command goes on meanwhile, to its
 * end or to the moment at which the hook has done its work.
 */
@Isolated("other tests pause writers too")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ShutdownCommandTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final BackupName NEXT = new BackupName("next");

  @TempDir(factory = MemoryFolder.class)
  Path temporary;

  private CrashWorld world;
  private Installation installation;
  private DiskState old;
  private DiskState restored;
  private Moment begin;
  private Optional<Thread> hook = Optional.empty();
  private Optional<Moment> hookDone = Optional.empty();
  private Optional<Throwable> hookFailure = Optional.empty();

  /** What the API has confirmed since the hook has done its work. */
  private List<Integer> afterwards = List.of();

  private @Nullable BackupException failure;

  @BeforeEach
  void create() throws IOException {
    world = new CrashWorld(temporary);
    world.fill("first");
    installation = world.installation(true);
    world.backups().create(installation, BackupRequest.named(FIRST.value()));
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
  @EnumSource(names = {"PAUSE", "STOP"})
  void aBackupPublishesNothingThatWasCapturedWhileAWriterRan(Quiesce how) throws IOException {
    BackupRequest request = BackupRequest.named(NEXT.value()).withQuiesce(how);
    int[] ended = {0};
    atEachChange(
        backups -> backups.create(installation, request),
        () -> {
          assertThat(world.runAll()).isTrue();
          ended[0]++;
        },
        () -> {
          CrashWorld.assertAllSound(world.backups());
          boolean listed =
              world.backups().list().stream().anyMatch(found -> found.name().equals(NEXT));
          assertThat(listed && world.ranDuringCapture()).isFalse();
          assertThat(world.parts()).isEqualTo(old);
        });
    assertThat(ended[0]).isGreaterThan(40);
  }

  @Test
  void aRestoreIsWholeOrUndoneAndItsWritersRunUnlessTheDataIsMixed() throws IOException {
    int[] running = {0};
    int[] left = {0};
    world.startOnlyOn(old, restored);
    atEachChange(
        this::restore,
        () -> {
          if (world.runAll()) {
            running[0]++;
            world.confirm(running[0]);
            afterwards = List.of(running[0]);
          } else {
            assertThat(world.isHeld()).isTrue();
            assertThat(world.restoreRecord()).containsAnyOf("applying", "preparing");
            assertThat(world.all()).doesNotContainValue(ListedWriters.RUNNING);
            left[0]++;
          }
        },
        () -> {
          assertThat(world.parts()).isIn(List.of(old, restored));
          assertThat(world.changesIn(false)).containsAll(afterwards);
        });
    assertThat(running[0]).isGreaterThan(40);
    assertThat(left[0]).isGreaterThan(10);
  }

  private void restore(Backups backups) throws IOException {
    backups.restore(FIRST, installation, RestoreRequest.STANDARD);
  }

  private interface Work {
    void with(Backups backups) throws IOException;
  }

  private void atEachChange(Work work, Command afterHook, Command look) throws IOException {
    int change = 0;
    boolean reached = true;
    while (reached) {
      world.become(begin);
      hook = Optional.empty();
      hookDone = Optional.empty();
      afterwards = List.of();
      failure = null;
      try {
        reached = world.fromOn(change, this::shutDown, () -> attempt(work));
        if (reached) {
          Moment done = hookDone();
          if (failure == null || failure.kind() != Kind.NOT_ROLLED_BACK) {
            world.assertWritersRun();
          }
          assertPutInOrder(look);
          world.become(done);
          afterHook.run();
          assertPutInOrder(look);
        }
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("before change " + change + ", " + failure, e);
      }
      change++;
    }
  }

  private void attempt(Work work) {
    try {
      work.with(world.backups());
    } catch (BackupException e) {
      failure = e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertPutInOrder(Command look) throws IOException {
    world.backups().recover(installation);
    world.assertInOrder();
    look.run();
  }

  /** The hook does as much as it can before the command makes its next change. */
  private void shutDown() throws IOException {
    if (hook.isEmpty()) {
      Thread shutdown = new Thread(ProcessEnd::begin, "shutdown");
      shutdown.setUncaughtExceptionHandler((thread, e) -> hookFailure = Optional.of(e));
      hook = Optional.of(shutdown);
      shutdown.start();
    }
    Thread ending = hook.get();
    if (Thread.currentThread() != ending && hookDone.isEmpty()) {
      world.awaitWhileOthersChange(() -> !ending.isAlive() || waitsForTheCommand(ending));
      if (!ending.isAlive()) {
        hookDone = Optional.of(world.now());
      }
    }
  }

  private static boolean waitsForTheCommand(Thread hook) {
    ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(hook.getId());
    LockInfo lock = info == null ? null : info.getLockInfo();
    return lock != null && lock.getClassName().equals(HeldWriters.class.getName());
  }

  /** As the process is left when its hook has done its work. */
  private Moment hookDone() throws IOException {
    try {
      hook.orElseThrow().join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(hookFailure).isEmpty();
    return hookDone.isPresent() ? hookDone.get() : world.now();
  }
}
