package dev.openmemory.backup.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.target.WaitedTime;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.sample.OtherClassLoader;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Ability;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time on a home, and a run that ended keeps none away, whatever the clock says. */
class HomeLockTest {
  private static final Owner ELSEWHERE =
      new Owner(new Host("elsewhere", "m", "b/pid:[1]"), 7, "", Instant.EPOCH);

  @TempDir Path temp;
  private final WaitedTime time = new WaitedTime();
  private Path home;

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectory(temp.resolve("openmemory"));
  }

  private Path file(Path folder) {
    return folder.resolve(".openmemory-backup/home.lock");
  }

  private HomeLock take() throws IOException {
    return HomeLock.take(home, "restore", time);
  }

  private static void assertLocked(ThrowingCallable work, String holder) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
        .hasMessageContaining(holder);
  }

  @Test
  @SuppressWarnings("try")
  void aSecondRunOfTheSameProcessIsLockedOutAlsoByAnotherNameOfTheHome() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), home);
    try (HomeLock held = take()) {
      String holder = "restore by process " + ProcessHandle.current().pid();
      assertLocked(this::take, holder);
      assertLocked(() -> HomeLock.take(link, "restore", time), holder);
      assertThat(HomeLock.owner(link, time).locked()).isTrue();
      HomeLock.requireHeld(home);
    }
    take().close();
    assertThat(home).isEmptyDirectory();
    assertThat(HomeLock.owner(home, time).locked()).isFalse();
  }

  /**
   * As in an application server. The kernel drops a lock when any descriptor of its file closes.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  @SuppressWarnings("try")
  void anAttemptThroughAnotherClassLoaderDoesNotGiveUpTheLock() throws Exception {
    try (HomeLock held = take();
        OtherClassLoader loader = new OtherClassLoader()) {
      assertThat(isLocked()).isTrue();
      Method other =
          loader
              .loadClass(HomeLock.class.getName())
              .getMethod("take", Path.class, String.class, Clock.class);

      assertThatThrownBy(() -> other.invoke(null, home, "restore", time))
          .hasRootCauseInstanceOf(OverlappingFileLockException.class);

      assertThat(isLocked()).isTrue();
      HomeLock.requireHeld(home);
    }
    take().close();
  }

  private boolean isLocked() throws IOException {
    return OtherClassLoader.isLocked(file(home));
  }

  @Test
  @SuppressWarnings("try")
  void aBackupWaitsForTheOtherRunAndGivesUpInTime() throws IOException {
    try (Run run = run(Duration.ofMinutes(1))) {
      HomeLock held = take();
      Waiter release =
          wait -> {
            time.pass(wait);
            if (time.nanos() > Duration.ofSeconds(30).toNanos()) {
              held.close();
            }
          };
      HomeLock.await(run, home, "backup", release).close();
      try (HomeLock again = take()) {
        assertLocked(() -> HomeLock.await(run, home, "backup", time), "restore by process");
        HomeLock.requireHeld(home);
      }
      assertThat(run.warnings()).isEmpty();
    }
  }

  /** Its locks may not reach us, as over a mount without them. */
  @Test
  void aRunOfAnotherHostIsGoneWhenItIsSilentByTheClockOfTheFileSystem() throws IOException {
    leave(ELSEWHERE);
    assertLocked(this::take, "elsewhere");
    silentFor(HomeLockEntry.SILENCE.minusMinutes(1));
    assertLocked(this::take, "elsewhere");
    for (Duration silence : List.of(HomeLockEntry.SILENCE.plusSeconds(1), Duration.ofDays(-100))) {
      leave(ELSEWHERE);
      silentFor(silence);
      take().close();
    }
  }

  @Test
  @SuppressWarnings("try")
  void aRunOfThisSystemIsGoneWhenItsLockIsFreeWhateverItsNameNumberAndClockWere()
      throws IOException {
    Host container = new Host("renamed", "", Host.here().boot() + "-of-a-container");
    Owner alive = Owner.ofThisProcess(time);
    for (Owner owner :
        new Owner[] {
          new Owner(container, 1, "", Instant.MAX), alive, alive.withLock(), alive.retired()
        }) {
      leave(owner);
      try (HomeLock held = take()) {
        assertThat(HomeLock.showsGone(home, owner)).isEqualTo(owner.locked());
      }
    }
  }

  @Test
  void whatALossOfPowerLeavesInTheFileKeepsNoRunAway() throws IOException {
    Files.createDirectory(home.resolve(".openmemory-backup"));
    for (String torn : new String[] {"", "{\"id\": \"", "\0\0\0", "{}"}) {
      Files.writeString(file(home), torn);
      take().close();
      assertThat(home).isEmptyDirectory();
      Files.createDirectory(home.resolve(".openmemory-backup"));
    }
  }

  @Test
  void aRunThatLostItsLockNoticesItAndLeavesTheOtherOneAlone() throws IOException {
    HomeLock held = take();
    leave(ELSEWHERE);
    assertLocked(() -> HomeLock.requireHeld(home), "taken over");
    held.close();
    assertThat(Files.readString(file(home))).contains("elsewhere");
  }

  @Test
  void theFileStaysWhereOtherRecordsAreAndSaysThatItIsFree() throws IOException {
    Files.createDirectory(home.resolve(".openmemory-backup"));
    Path record = Files.writeString(home.resolve(".openmemory-backup/installation-id"), "id");
    take().close();
    assertThat(file(home)).isEmptyFile();
    assertThat(record).hasContent("id");
    if (Disk.isPosix(home)) {
      // The folder is private; the owner of the home and root may both have to open the file.
      assertThat(Files.getPosixFilePermissions(file(home)))
          .contains(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);
    }
    take().close();
  }

  @Test
  void aHomeThatIsMadeForARestoreThatFailsIsRemoved() throws IOException {
    Path made = temp.resolve("made");
    HomeLock.take(made, "restore", time).close();
    assertThat(made).doesNotExist();
  }

  @Test
  void aHomeThatCannotBeWrittenIsReadWithoutALockOrBesideOthersThatReadIt() throws IOException {
    WatchedDisk disk = WatchedDisk.over(temp);
    Path readOnly = disk.path().resolve("openmemory");
    disk.beforeEachChange(
        () -> {
          throw new FileSystemException("", null, "Read-only file system");
        });
    try (Run run = run(Duration.ZERO)) {
      HomeLock.await(run, readOnly, "backup", time).close();
      assertThat(HomeLock.owner(readOnly, time).locked()).isFalse();
      assertThatThrownBy(() -> HomeLock.take(readOnly, "restore", time))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("Read-only file system");
      Files.createDirectory(home.resolve(".openmemory-backup"));
      Files.createFile(file(home));
      try (HomeLock shared = HomeLock.await(run, readOnly, "backup", time)) {
        assertThat(shared).isNotNull();
        Owner other = Owner.ofThisProcess(time).withLock();
        assertThat(HomeLock.showsGone(readOnly, other)).as("beside others that read it").isFalse();
        assertThat(HomeLock.owner(readOnly, time).locked()).isFalse();
      }
      assertThat(run.warnings()).isEmpty();
    } finally {
      disk.close();
    }
  }

  @Test
  void onAFileSystemWithoutLocksABackupWarnsAndTheEntryKeepsActiveRunsApart() throws IOException {
    WatchedDisk disk = WatchedDisk.over(temp);
    disk.without(Ability.LOCKS);
    Path there = disk.path().resolve("openmemory");
    try (Run run = run(Duration.ZERO)) {
      HomeLock held = HomeLock.await(run, there, "backup", time);
      assertThat(run.warnings()).extracting(Warning::code).containsExactly("home-not-locked");
      assertThat(HomeLock.owner(there, time).locked()).isFalse();
      held.close();
      ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
      String start = parent.info().startInstant().map(Instant::toString).orElse("");
      leave(new Owner(Host.here(), parent.pid(), start, Instant.EPOCH));
      assertLocked(() -> HomeLock.take(there, "restore", time), "process " + parent.pid());
      leave(new Owner(Host.here(), 1L << 40, "", Instant.EPOCH));
      HomeLock.take(there, "restore", time).close();
    } finally {
      disk.close();
    }
  }

  @Test
  @Tag("services")
  void aProcessThatIsKilledLeavesTheHomeFree() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HomeLockChild.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo(HomeLockChild.HELD);
      assertLocked(this::take, "restore by process " + child.pid());
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(file(home)).isNotEmptyFile();
    take().close();
  }

  private Run run(Duration lockTimeout) throws IOException {
    return Run.reading(
        Run.Settings.of(new InMemoryBackupTarget())
            .withScratch(temp)
            .withClock(time)
            .withLockTimeout(lockTimeout));
  }

  /** As a run of this owner has it, or had it when it ended. */
  private void leave(Owner owner) throws IOException {
    Files.createDirectories(home.resolve(".openmemory-backup"));
    Files.write(file(home), new HomeLockEntry("restore", owner).toText());
  }

  private void silentFor(Duration duration) throws IOException {
    Files.setLastModifiedTime(file(home), FileTime.from(Instant.now().minus(duration)));
  }
}
