package dev.openmemory.backup.it;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only one process at a time holds the writers; when it has ended, they run. */
@Tag("services")
class HeldByAnotherProcessTest {
  private static final BackupName FIRST = new BackupName("first");

  @TempDir Path temp;
  private WitnessedInstallation sample;
  private FileWriters writers;
  private BackupTarget target;
  private Backups backups;
  private Map<String, String> old;

  @BeforeEach
  void backUpAndChange() throws IOException {
    sample = WitnessedInstallation.create(temp.resolve("openmemory"));
    writers = sample.writers();
    target = BackupTargets.open(temp.resolve("backups"));
    backups = Backups.in(target);
    backups.create(sample.installation(), BackupRequest.STANDARD.withName(FIRST));
    sample.fill(2);
    old = sample.contents();
  }

  @AfterEach
  void close() throws IOException {
    target.close();
  }

  @Test
  void duringABackupEveryOtherRunFindsItLocked() throws Exception {
    writers.turnOn("live.blocks-capture");
    try (ChildJvm child = blockedAt("CAPTURE live", "backup", "second")) {
      assertEveryRunIsLocked();
      assertThat(sample.isHeld(FileWriters.PAUSED)).isTrue();
      child.kill();
    }
    writers.turnOff("live.blocks-capture");
    assertThat(backups.recover(sample.installation()))
        .singleElement()
        .asString()
        .contains("a-page", "b-api", "c-store");
    assertIsAsBefore();
  }

  @Test
  void duringARestoreEveryOtherRunFindsItLocked() throws Exception {
    writers.turnOn("detached.blocks-apply");
    try (ChildJvm child = blockedAt("APPLY detached", "restore", "first")) {
      assertEveryRunIsLocked();
      assertThat(sample.isHeld(FileWriters.STOPPED)).isTrue();
      child.kill();
    }
    writers.turnOff("detached.blocks-apply");
    backups.create(sample.installation(), BackupRequest.named("next"));
    assertIsAsBefore();
  }

  @Test
  void aProcessThatIsEndedDuringABackupResumesItsWriters() throws Exception {
    writers.turnOn("live.blocks-capture");
    try (ChildJvm child = blockedAt("CAPTURE live", "backup", "second")) {
      assertThat(sample.isHeld(FileWriters.PAUSED)).isTrue();
      child.terminate();
    }
    assertIsAsBefore();
    writers.turnOff("live.blocks-capture");
    backups.create(sample.installation(), BackupRequest.named("second"));
    assertThat(backups.verify(new BackupName("second")).problems()).isEmpty();
  }

  @Test
  void whatIsCapturedAfterTheEndOfTheProcessResumedTheWritersIsNeverPublished() throws Exception {
    try (ChildJvm child = blockedAt("PUBLISH live", "backup-beyond-the-end", "second")) {
      assertThat(sample.isHeld(FileWriters.PAUSED)).isTrue();
      child.terminate();
    }
    assertThat(writers.logged()).anyMatch(line -> line.startsWith("read live: paused/running"));
    assertThat(backups.list())
        .filteredOn(b -> b.name().value().equals("second") && b.manifest().isPresent())
        .isEmpty();
    assertIsAsBefore();
  }

  @Test
  void aProcessThatIsEndedWhileDataIsHalfExchangedLeavesItsWritersToTheNextRun() throws Exception {
    writers.turnOn("detached.blocks-apply");
    try (ChildJvm child = blockedAt("APPLY detached", "restore", "first")) {
      child.terminate();
    }
    assertThat(sample.isHeld(FileWriters.STOPPED)).as("%s", writers.states()).isTrue();
    assertThat(sample.heldRecord()).exists();
    assertThat(sample.restoreRecord()).exists();
    assertThat(sample.contents()).isNotEqualTo(old);

    writers.turnOff("detached.blocks-apply");
    writers.forgetLog();
    backups.recover(sample.installation());
    assertThat(writers.logged())
        .containsSubsequence(
            "rollback live: paused/stopped", "resume c-store", "resume b-api", "resume a-page");
    assertIsAsBefore();
  }

  @Test
  void aProcessThatIsEndedBeforeTheRestoredDataIsConfirmedDeletesNothing() throws Exception {
    writers.turnOn("detached.blocks-confirm");
    try (ChildJvm child = blockedAt("CONFIRM detached", "restore", "first")) {
      child.terminate();
    }
    assertThat(sample.runsAsBefore()).as("%s", writers.states()).isTrue();
    writers.turnOff("detached.blocks-confirm");
    backups.recover(sample.installation());

    assertThat(sample.contents().values()).containsAll(old.values());
    assertThat(sample.restoreRecord()).doesNotExist();
  }

  private void assertEveryRunIsLocked() {
    Backups impatient = backups.withLockTimeout(Duration.ZERO);
    assertLocked(() -> impatient.create(sample.installation(), BackupRequest.named("other")));
    assertLocked(() -> backups.restore(FIRST, sample.installation(), RestoreRequest.STANDARD));
    assertLocked(() -> backups.recover(sample.installation()));
  }

  private static void assertLocked(ThrowingCallable run) {
    assertThat(failureOf(run).kind()).isEqualTo(Kind.LOCKED);
  }

  private void assertIsAsBefore() throws IOException {
    assertThat(sample.contents()).isEqualTo(old);
    assertThat(sample.runsAsBefore()).as("%s", writers.states()).isTrue();
    assertThat(sample.heldRecord()).doesNotExist();
    assertThat(sample.restoreRecord()).doesNotExist();
  }

  private ChildJvm blockedAt(String phase, String work, String name) throws IOException {
    return blockedAt(phase, work, name, "backups");
  }

  private ChildJvm blockedAt(String phase, String work, String name, String targetFolder)
      throws IOException {
    ChildJvm child =
        ChildJvm.start(
            HoldingChild.class,
            List.of(),
            work,
            sample.home(),
            temp.resolve(targetFolder),
            Files.createDirectories(temp.resolve("scratch")),
            name);
    String line = child.readLine();
    while (line != null && !line.equals(phase)) {
      line = child.readLine();
    }
    assertThat(line).as("what the child printed last").isEqualTo(phase);
    return child;
  }
}
