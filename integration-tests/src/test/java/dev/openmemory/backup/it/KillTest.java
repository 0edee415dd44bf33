package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ReportsPresence;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real kills at random moments, to show that nothing of a process changes anything after them. What
 * each moment leaves is enumerated by {@code CommandCrashTest} of core.
 */
@Tag("services")
class KillTest {
  private static final int KILLS = 5;

  @TempDir Path temp;
  private Path folder;
  private Path target;
  private Path scratch;

  @BeforeEach
  void inFolder() throws IOException {
    folder = Files.createTempDirectory(temp, "round-");
    target = folder.resolve("backups");
    scratch = Files.createDirectory(folder.resolve("scratch"));
  }

  @Test
  void aKilledBackupIsNeverListedAndTheNextRunCleansUp() throws Exception {
    killBackups(Seeds.random());
  }

  @Test
  void afterAKilledRestoreThereIsTheOldOrTheRestoredState() throws Exception {
    killRestores(Seeds.random());
  }

  @Test
  void aKilledSyncListsNothingThatFailsAndTheNextOneCompletesIt() throws Exception {
    killSyncs(Seeds.random());
  }

  @Test
  void afterAKilledBackupTheNextRunHasAllWritersRunning() throws Exception {
    killHolding("backup", Seeds.random());
  }

  @Test
  void afterAKilledRestoreTheNextRunHasAllWritersRunning() throws Exception {
    killHolding("restore", Seeds.random());
  }

  @SoakTest
  void killsAtAnyMoment() throws Exception {
    Soak.rounds(
        random -> {
          inFolder();
          switch (random.nextInt(5)) {
            case 0 -> killBackups(random);
            case 1 -> killRestores(random);
            case 2 -> killSyncs(random);
            case 3 -> killHolding("backup", random);
            default -> killHolding("restore", random);
          }
          Disk.deleteTree(folder);
        });
  }

  private void killBackups(Random random) throws Exception {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(folder.resolve("openmemory"));
    KillableRuns runs = new KillableRuns(BackupChild.class, sample.home(), target, scratch);
    long wholeRunNanos = runs.nanosOfOne("backup", "whole");
    try (BackupTarget opened = BackupTargets.open(target)) {
      Backups backups = Backups.in(opened).withScratch(scratch);
      for (int i = 0; i < KILLS; i++) {
        runs.killOne("backup", "kill-" + i, random.nextLong(wholeRunNanos));
        assertAllSound(backups);
      }
      backups.create(sample.installation(), BackupRequest.named("after"));
      List<String> listed = backups.list().stream().map(b -> b.name().value()).toList();
      assertThat(files(target))
          .allMatch(file -> listed.contains(target.relativize(file).getName(0).toString()))
          .noneMatch(file -> file.getFileName().toString().matches("\\..*|in-progress\\.json"));
      assertThat(files(scratch)).isEmpty();
    }
  }

  private void killRestores(Random random) throws Exception {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(folder.resolve("openmemory"));
    try (BackupTarget opened = BackupTargets.open(target)) {
      Backups backups = Backups.in(opened);
      backups.create(sample.installation(), BackupRequest.named("first"));
      KillableRuns runs = new KillableRuns(BackupChild.class, sample.home(), target, scratch);
      long wholeRunNanos = runs.nanosOfOne("restore", "first");
      Map<String, String> restored = parts(sample);
      for (int i = 0; i < KILLS; i++) {
        // The user version in the header of the database, which means something to others only.
        changeByte(sample.database(), 63, i + 1);
        Files.writeString(sample.config(), "{\"round\": " + i + "}");
        Files.writeString(sample.storage().resolve("round.txt"), "round " + i);
        Map<String, String> old = parts(sample);
        runs.killOne("restore", "first", random.nextLong(wholeRunNanos));
        backups.recover(sample.installation());
        assertThat(parts(sample)).as("kill %d", i).isIn(List.of(old, restored));
        assertThat(sample.home().resolve(".openmemory-backup/restore.json")).doesNotExist();
      }
    }
  }

  private void killSyncs(Random random) throws Exception {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(folder.resolve("openmemory"));
    try (BackupTarget source = BackupTargets.open(target)) {
      Backups backups = Backups.in(source);
      backups.create(sample.installation(), BackupRequest.named("one"));
      backups.create(sample.installation(), BackupRequest.named("two"));
      Map<String, String> wanted = new StoredObjects(source).objects();
      long wholeRunNanos = syncTo("whole").nanosOfOne("sync", "");
      for (int i = 0; i < KILLS; i++) {
        syncTo("killed-" + i).killOne("sync", "", random.nextLong(wholeRunNanos));
        try (BackupTarget copies = BackupTargets.open(folder.resolve("killed-" + i))) {
          if (Files.exists(folder.resolve("killed-" + i))) {
            assertAllSound(Backups.in(copies));
          }
          assertThat(backups.sync(copies, SyncRequest.STANDARD).ok()).isTrue();
          assertThat(new StoredObjects(copies).objects().equals(wanted)).as("kill %d", i).isTrue();
        }
      }
    }
  }

  private KillableRuns syncTo(String name) {
    return new KillableRuns(BackupChild.class, folder.resolve(name), target, scratch);
  }

  private void killHolding(String work, Random random) throws Exception {
    WitnessedInstallation sample = WitnessedInstallation.create(folder.resolve("openmemory"));
    try (BackupTarget opened = BackupTargets.open(target)) {
      Backups backups = Backups.in(opened);
      backups.create(sample.installation(), BackupRequest.named("first"));
      Map<String, String> restored = sample.checksums();
      KillableRuns runs = new KillableRuns(HoldingChild.class, sample.home(), target, scratch);
      long wholeRunNanos = runs.nanosOfOne(work, work.equals("backup") ? "whole" : "first");
      for (int i = 0; i < KILLS; i++) {
        sample.fill(100 + i);
        Map<String, String> old = sample.checksums();
        String name = work.equals("backup") ? "killed-" + i : "first";
        runs.killOne(work, name, random.nextLong(wholeRunNanos));
        backups.recover(sample.installation());

        assertThat(sample.checksums())
            .as("kill %d", i)
            .isIn(work.equals("backup") ? List.of(old) : List.of(old, restored));
        assertThat(sample.runsAsBefore()).as("kill %d: %s", i, sample.writers().states()).isTrue();
        assertThat(sample.heldRecord()).doesNotExist();
        assertThat(sample.restoreRecord()).doesNotExist();
      }
      assertAllSound(backups);
    }
  }

  private static void assertAllSound(Backups backups) throws IOException {
    for (BackupSummary listed : backups.list()) {
      assertThat(backups.verify(listed.name()).problems()).as("%s", listed).isEmpty();
    }
  }

  private static void changeByte(Path file, int offset, int value) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] = (byte) value;
    Files.write(file, bytes);
  }

  /**
   * Without the times of folders, which change when entries are exchanged, and of the files of the
   * API, which no archive keeps.
   */
  private static Map<String, String> parts(SampleInstallation sample) throws IOException {
    Map<String, String> files = FileTree.of(sample.home());
    files.keySet().removeIf(name -> name.contains(".openmemory-backup"));
    files.values().removeIf(text -> text.startsWith("dir"));
    files.replaceAll(
        (name, text) -> name.startsWith("api/") ? text.replaceFirst(" \\d+", "") : text);
    return files;
  }

  /**
   * An empty folder, made a moment before the kill, is no leftover that anyone would see. The mark
   * stays by design.
   */
  private static List<Path> files(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith(ReportsPresence.MARK))
          .toList();
    }
  }
}
