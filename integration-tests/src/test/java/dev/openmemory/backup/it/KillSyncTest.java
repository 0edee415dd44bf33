package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.SyncReport;
import dev.openmemory.backup.SyncRequest;
import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class KillSyncTest {
  private static final int KILLS = 20;
  private static final int BACKUPS = 5;

  @TempDir Path temp;

  @Test
  void aKilledSyncListsNothingThatFailsAndTheNextOneCompletesIt(
      TestInfo info, TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    reporter.publishEntry(info.getDisplayName() + " seed", String.valueOf(seed));
    Random random = new Random(seed);
    Path from = temp.resolve("backups");
    try (BackupTarget source = BackupTargets.open(from)) {
      Backups backups = Backups.in(source);
      SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
      for (int i = 0; i < BACKUPS; i++) {
        backups.create(sample.installation(), BackupRequest.named("b" + i));
      }
      Map<String, String> wanted = new StoredObjects(source).objects();
      long wholeNanos = run(from, temp.resolve("whole"), Long.MAX_VALUE);

      for (int i = 0; i < KILLS; i++) {
        Path to = temp.resolve("killed-" + i);
        run(from, to, (long) (random.nextDouble() * wholeNanos));
        try (BackupTarget destination = BackupTargets.open(to)) {
          assertAllSound(Backups.in(destination), seed, i);
          SyncReport report = backups.sync(destination, SyncRequest.STANDARD);
          assertThat(report.ok()).as("seed %d, kill %d: %s", seed, i, report).isTrue();
          assertThat(new StoredObjects(destination).objects().equals(wanted))
              .as("seed %d, kill %d", seed, i)
              .isTrue();
        }
        assertThat(hidden(to)).isEmpty();
      }
    }
  }

  private static void assertAllSound(Backups copies, long seed, int kill) throws IOException {
    for (BackupSummary listed : copies.list()) {
      assertThat(copies.verify(listed.name()).problems())
          .as("seed %d, kill %d, %s", seed, kill, listed.name())
          .isEmpty();
    }
  }

  private static List<Path> hidden(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith(".")).toList();
    }
  }

  /** Kills the sync after that time, and returns how long it took. */
  private long run(Path from, Path to, long nanos) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(SyncChild.class, List.of(), from, to, temp.resolve("scratch"))) {
      assertThat(child.readLine()).isEqualTo("ready");
      long start = System.nanoTime();
      if (nanos == Long.MAX_VALUE) {
        assertThat(child.readLine()).isEqualTo("done");
      } else {
        TimeUnit.NANOSECONDS.sleep(nanos);
        child.kill();
      }
      return System.nanoTime() - start;
    }
  }
}
