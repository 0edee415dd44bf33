package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.sample.AtPhase;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.sample.WitnessTarget;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slow target does not prolong the hold when what is live is copied first. */
class SpooledBackupTest {
  private static final BackupRequest SPOOLED =
      BackupRequest.STANDARD.withName(new BackupName("spooled")).spooled();

  @TempDir Path temp;
  private WitnessedInstallation sample;
  private FileWriters writers;
  private BackupTarget target;
  private StoredObjects stored;
  private Backups backups;

  @BeforeEach
  void open() throws IOException {
    sample = WitnessedInstallation.create(temp.resolve("openmemory"));
    writers = sample.writers();
    target = new WitnessTarget(new InMemoryBackupTarget(), writers);
    stored = new StoredObjects(target);
    backups = Backups.in(target).withScratch(Files.createDirectories(temp.resolve("scratch")));
  }

  @Test
  void whatIsLiveIsReadWhileWritersAreHeldAndStoredWhenTheyRunAgain() throws IOException {
    backups.create(sample.installation(), SPOOLED);

    assertThat(writers.logged())
        .containsExactly(
            "pause a-page",
            "pause b-api",
            "pause c-store",
            "capture live: paused/stopped",
            "capture detached: paused/stopped",
            "read live: paused/stopped",
            "resume c-store",
            "resume b-api",
            "resume a-page",
            "close control",
            "store live.bin.gz: paused/running/stopped",
            "store detached.bin.gz: paused/running/stopped",
            "read detached: paused/running/stopped");
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void theBackupIsTheSameAsWithoutTheCopy() throws IOException {
    BackupReport plain = backups.create(sample.installation(), BackupRequest.named("plain"));
    BackupReport spooled = backups.create(sample.installation(), SPOOLED);

    assertThat(spooled.manifest().components()).isEqualTo(plain.manifest().components());
    for (String file : new String[] {"live.bin.gz", "detached.bin.gz"}) {
      assertThat(stored(spooled, file)).isEqualTo(stored(plain, file));
      assertThat(stored.bytes("spooled/" + file)).isEqualTo(stored.bytes("plain/" + file));
    }
    assertThat(backups.verify(new BackupName("spooled")).problems()).isEmpty();
  }

  @Test
  void theBackupIsOfTheTimeOfTheHoldAlsoWhenDataChangesBeforeItIsStored() throws IOException {
    byte[] before = Files.readAllBytes(sample.data("live"));
    Backups changing =
        backups.withListener(new AtPhase(Phase.RESUME, "writers", () -> sample.fill(2)));
    BackupReport report = changing.create(sample.installation(), SPOOLED);

    assertThat(Files.readAllBytes(sample.data("live"))).isNotEqualTo(before);
    assertThat(stored(report, "live.bin.gz").plain().size()).isEqualTo(before.length);
    sample.fill(1);
    BackupReport plain = backups.create(sample.installation(), BackupRequest.named("plain"));
    assertThat(stored(report, "live.bin.gz")).isEqualTo(stored(plain, "live.bin.gz"));
  }

  @Test
  void aCopyThatFailsLeavesNothingAndNobodyHeld() throws IOException {
    writers.turnOn("live.refuses-read");
    BackupException failure =
        catchThrowableOfType(
            BackupException.class, () -> backups.create(sample.installation(), SPOOLED));

    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(sample.runsAsBefore()).isTrue();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
    assertThat(target.list("spooled/")).isEmpty();
  }

  private static StoredFile stored(BackupReport report, String file) {
    return report.manifest().files().stream()
        .filter(stored -> stored.name().equals(file))
        .findFirst()
        .orElseThrow();
  }
}
