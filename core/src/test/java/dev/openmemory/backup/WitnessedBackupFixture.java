package dev.openmemory.backup;

import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.sample.WitnessTarget;
import dev.openmemory.backup.sample.WitnessedInstallation;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An installation with writers that log what happens to them, and backups of it in memory. */
abstract class WitnessedBackupFixture {
  @TempDir Path temp;
  WitnessedInstallation sample;
  FileWriters writers;
  WitnessTarget target;
  StoredObjects stored;
  Backups backups;

  @BeforeEach
  void make() throws IOException {
    sample = WitnessedInstallation.create(temp.resolve("openmemory"));
    writers = sample.writers();
    target = new WitnessTarget(new InMemoryBackupTarget(), writers);
    stored = new StoredObjects(target);
    backups = Backups.in(target).withScratch(Files.createDirectory(temp.resolve("scratch")));
  }
}
