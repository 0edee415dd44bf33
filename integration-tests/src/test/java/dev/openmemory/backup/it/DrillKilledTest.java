package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.sample.DrillSample;
import dev.openmemory.backup.sample.TrialProgram;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drill in a process of its own, which needs a target on the disk. */
@Tag("services")
@Timeout(180)
class DrillKilledTest {
  @TempDir Path temp;

  @Test
  void afterAKillTheNextRunEndsTheProgramAndRemovesWhatWasRestored() throws Exception {
    Path scratch = Files.createDirectory(temp.resolve("scratch"));
    TrialProgram deaf = TrialProgram.deaf(temp.resolve("bin"));
    try (BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      Backups backups = Backups.in(target).withScratch(scratch);
      DrillSample.in(temp.resolve("openmemory")).backUp(backups, "first");
      try (ChildJvm child =
          ChildJvm.start(
              DrillChild.class,
              List.of("-XX:TieredStopAtLevel=1"),
              temp.resolve("backups"),
              scratch,
              "first",
              deaf.file())) {
        ProcessHandle orphan = deaf.awaitStart();
        awaitRecord(scratch);
        child.kill();
        assertThat(orphan.isAlive()).isTrue();

        assertThat(backups.verify(new BackupName("first")).problems()).isEmpty();

        orphan.onExit().join();
      } finally {
        deaf.end();
      }
    }
    assertThat(scratch).isEmptyDirectory();
  }

  private static void awaitRecord(Path scratch) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < deadline) {
      try (Stream<Path> files = Files.walk(scratch)) {
        if (files.anyMatch(file -> file.endsWith("child-process.json") && size(file) > 0)) {
          return;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("the process was not recorded");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
