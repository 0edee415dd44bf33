package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class KillBackupTest {
  private static final int KILLS = 100;

  @TempDir Path temp;

  @Test
  void aHundredKillsAtRandomMomentsLeaveNoListedBackupThatFailsAndTheNextRunCleansUp(
      TestInfo info, TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    reporter.publishEntry(info.getDisplayName() + " seed", String.valueOf(seed));
    Random random = new Random(seed);
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    Path target = temp.resolve("backups");
    Path scratch = temp.resolve("scratch");
    KillableRuns runs = new KillableRuns(BackupChild.class, sample.home(), target, scratch);
    long wholeRunNanos = runs.nanosOfOne("backup", "whole");

    Set<BackupName> verified = new HashSet<>();
    try (BackupTarget opened = BackupTargets.open(target)) {
      Backups backups = Backups.in(opened).withScratch(temp.resolve("other-scratch"));
      for (int i = 0; i < KILLS; i++) {
        runs.killOne("backup", "kill-" + i, random.nextLong(wholeRunNanos));
        for (BackupSummary listed : backups.list()) {
          assertThat(listed.state())
              .as("seed %d, kill %d, %s", seed, i, listed.name())
              .isEqualTo(BackupSummary.State.COMPLETE);
          if (verified.add(listed.name())) {
            assertThat(backups.verify(listed.name()).problems())
                .as("seed %d, %s", seed, listed.name())
                .isEmpty();
          }
        }
      }
      backups.withScratch(scratch).create(sample.installation(), BackupRequest.named("after"));
      Set<String> listed = new HashSet<>();
      backups.list().forEach(b -> listed.add(b.name().value()));
      assertThat(files(target))
          .allMatch(file -> listed.contains(target.relativize(file).getName(0).toString()))
          .noneMatch(file -> file.getFileName().toString().matches("\\..*|in-progress\\.json"));
      assertThat(files(scratch)).isEmpty();
    }
  }

  /** An empty folder, made a moment before the kill, is no leftover that anybody would see. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
