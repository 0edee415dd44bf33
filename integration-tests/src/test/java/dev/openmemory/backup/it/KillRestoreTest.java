package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.spi.BackupTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class KillRestoreTest {
  private static final int KILLS = 25;

  @TempDir Path temp;

  @Test
  void afterAKillAtAnyMomentTheNextRunHasTheOldOrTheRestoredStateAndNothingBetween(
      TestInfo info, TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    reporter.publishEntry(info.getDisplayName() + " seed", String.valueOf(seed));
    Random random = new Random(seed);
    SampleInstallation sample = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    Path target = temp.resolve("backups");
    try (BackupTarget opened = BackupTargets.open(target)) {
      Backups backups = Backups.in(opened);
      backups.create(sample.installation(), BackupRequest.named("first"));
      Map<String, String> restored = files(sample);
      for (int i = 0; i < KILLS; i++) {
        Files.writeString(sample.config(), "{\"round\": " + i + "}");
        Files.writeString(sample.storage().resolve("round.txt"), "round " + i);
        Map<String, String> old = files(sample);

        killOneRestore(sample, target, random.nextInt(900));
        // Whoever comes first cleans up: a recovery, or the next backup.
        if (i % 2 == 0) {
          backups.recover(sample.installation());
        } else {
          backups.create(sample.installation(), BackupRequest.named("after-kill-" + i));
        }

        assertThat(files(sample)).as("seed %d, kill %d", seed, i).isIn(List.of(old, restored));
        assertThat(sample.home().resolve(".openmemory-backup/restore.json")).doesNotExist();
        Files.deleteIfExists(sample.storage().resolve("round.txt"));
      }
    }
  }

  private void killOneRestore(SampleInstallation sample, Path target, int afterMillis)
      throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            BackupChild.class,
            List.of(),
            "restore",
            sample.home(),
            target,
            temp.resolve("scratch"),
            "first")) {
      assertThat(child.readLine()).isEqualTo("ready");
      TimeUnit.MILLISECONDS.sleep(afterMillis);
      child.kill();
    }
  }

  /** Folders change their times when entries are exchanged. */
  private static Map<String, String> files(SampleInstallation sample) throws Exception {
    Map<String, String> files = FileTree.of(sample.home());
    files.keySet().removeIf(name -> name.contains(".openmemory-backup"));
    files.values().removeIf(text -> text.startsWith("dir"));
    return files;
  }
}
