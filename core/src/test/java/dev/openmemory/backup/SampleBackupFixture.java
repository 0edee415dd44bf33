package dev.openmemory.backup;

import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The recorded installation without its vectors, and backups of it in memory. */
abstract class SampleBackupFixture {
  @TempDir Path temp;
  final BackupTarget target = new InMemoryBackupTarget();
  final StoredObjects stored = new StoredObjects(target);
  SampleInstallation sample;
  Backups backups;

  @BeforeEach
  void unpack() throws IOException {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    backups = Backups.in(target).withScratch(Files.createDirectory(temp.resolve("scratch")));
  }
}
