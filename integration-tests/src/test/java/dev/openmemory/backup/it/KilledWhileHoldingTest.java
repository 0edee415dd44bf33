package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
  }

  @AfterEach
  void close() throws IOException {
    target.close();
  }

  @Test
  void afterAKilledBackupTheNextRunHasAllWritersRunning() throws Exception {
    Map<String, String> data = sample.contents();
    long whole = timeOfAWholeRun("backup", "whole");
    for (int i = 0; i < KILLS; i++) {
      killOne("backup", "killed-" + i, whole);
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
    long whole = timeOfAWholeRun("restore", "first");
    for (int i = 0; i < KILLS; i++) {
      sample.fill(100 + i);
      Map<String, String> old = sample.checksums();
      killOne("restore", "first", whole);
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

  private long timeOfAWholeRun(String work, String name) throws Exception {
    try (ChildJvm child = start(work, name)) {
      assertThat(child.readLine()).isEqualTo("ready");
      long start = System.nanoTime();
      assertThat(child.output().lines().toList()).endsWith("done");
      return System.nanoTime() - start;
    }
  }

  private void killOne(String work, String name, long wholeNanos) throws Exception {
    try (ChildJvm child = start(work, name)) {
      assertThat(child.readLine()).isEqualTo("ready");
      TimeUnit.NANOSECONDS.sleep((long) (random.nextDouble() * wholeNanos));
      child.kill();
    }
  }

  private ChildJvm start(String work, String name) throws IOException {
    return ChildJvm.start(
        HoldingChild.class,
        List.of("-XX:TieredStopAtLevel=1"),
        work,
        sample.home(),
        temp.resolve("backups"),
        temp.resolve("scratch"),
        new BackupName(name));
  }
}
