package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Kills at random moments; whoever comes next resumes whom the dead run held. */
@Tag("long")
class KilledWhileHoldingTest {
  private static final int KILLS = 20;

  @TempDir Path temp;
  private WitnessedInstallation sample;
  private BackupTarget target;
  private Backups backups;
  private KillableRuns runs;
  private Random random;
  private String seed;

  @BeforeEach
  void backUp(TestInfo info, TestReporter reporter) throws IOException {
    long chosen = System.nanoTime();
    seed = "seed " + chosen;
    reporter.publishEntry(info.getDisplayName(), seed);
    random = new Random(chosen);
    sample = WitnessedInstallation.create(temp.resolve("openmemory"));
    target = BackupTargets.open(temp.resolve("backups"));
    backups = Backups.in(target);
    backups.create(sample.installation(), BackupRequest.named("first"));
    runs =
        new KillableRuns(
            HoldingChild.class, sample.home(), temp.resolve("backups"), temp.resolve("scratch"));
  }

  @AfterEach
  void close() throws IOException {
    target.close();
  }

  @Test
  void afterAKilledBackupTheNextRunHasAllWritersRunning() throws Exception {
    Map<String, String> data = sample.contents();
    long wholeNanos = runs.nanosOfOne("backup", "whole");
    for (int i = 0; i < KILLS; i++) {
      runs.killOne("backup", "killed-" + i, random.nextLong(wholeNanos));
      goOn(i);

      assertThat(sample.contents()).as("%s, kill %d", seed, i).isEqualTo(data);
      assertAllRun(i);
    }
    for (BackupSummary listed : backups.list()) {
      assertThat(backups.verify(listed.name()).problems()).as("%s", listed).isEmpty();
    }
  }

  @Test
  void afterAKilledRestoreTheNextRunHasAllWritersRunningOnTheOldOrTheRestoredData()
      throws Exception {
    Map<String, String> restored = sample.checksums();
    long wholeNanos = runs.nanosOfOne("restore", "first");
    for (int i = 0; i < KILLS; i++) {
      sample.fill(100 + i);
      Map<String, String> old = sample.checksums();
      runs.killOne("restore", "first", random.nextLong(wholeNanos));
      goOn(i);

      assertThat(sample.checksums()).as("%s, kill %d", seed, i).isIn(old, restored);
      assertAllRun(i);
    }
  }

  /** By a recovery, or by the next backup. */
  private void goOn(int round) throws IOException {
    if (round % 2 == 0) {
      backups.recover(sample.installation());
    } else {
      backups.create(sample.installation(), BackupRequest.named("after-" + round));
    }
  }

  private void assertAllRun(int round) throws IOException {
    assertThat(sample.runsAsBefore())
        .as("%s, kill %d: %s", seed, round, sample.writers().states())
        .isTrue();
    assertThat(sample.heldRecord()).as("%s, kill %d", seed, round).doesNotExist();
    assertThat(sample.restoreRecord()).as("%s, kill %d", seed, round).doesNotExist();
  }
}
