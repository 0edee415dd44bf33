package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class KillRestoreTest {
  private static final int KILLS = 25;

  /** In SQLite's header: a number that means something to applications only. */
  private static final int USER_VERSION_OFFSET = 60;

  @TempDir Path temp;

  @Test
  void afterAKillAtAnyMomentTheNextRunHasTheOldOrTheRestoredStateAndNothingBetween(
      TestInfo info, TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    reporter.publishEntry(info.getDisplayName() + " seed", String.valueOf(seed));
    Random random = new Random(seed);
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    Path target = temp.resolve("backups");
    try (BackupTarget opened = BackupTargets.open(target)) {
      Backups backups = Backups.in(opened);
      backups.create(sample.installation(), BackupRequest.named("first"));
      KillableRuns runs =
          new KillableRuns(BackupChild.class, sample.home(), target, temp.resolve("scratch"));
      long wholeRunNanos = runs.nanosOfOne("restore", "first");
      Map<String, String> restored = files(sample);
      for (int i = 0; i < KILLS; i++) {
        changeAll(sample, i);
        Map<String, String> old = files(sample);

        runs.killOne("restore", "first", random.nextLong(wholeRunNanos));
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

  private static void changeAll(SampleInstallation sample, int round) throws IOException {
    try (RandomAccessFile database = new RandomAccessFile(sample.database().toFile(), "rw")) {
      database.seek(USER_VERSION_OFFSET);
      database.writeInt(1 + round);
    }
    Files.writeString(sample.config(), "{\"round\": " + round + "}");
    Files.writeString(sample.storage().resolve("round.txt"), "round " + round);
  }

  /**
   * Without the times of folders, which change when entries are exchanged, and of the files of the
   * API, which no archive keeps.
   */
  private static Map<String, String> files(SampleInstallation sample) throws IOException {
    Map<String, String> files = FileTree.of(sample.home());
    files.keySet().removeIf(name -> name.contains(".openmemory-backup"));
    files.values().removeIf(text -> text.startsWith("dir"));
    files.replaceAll(
        (name, text) -> name.startsWith("api/") ? text.replaceFirst(" \\d+", "") : text);
    return files;
  }
}
