package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** An OpenMemory in containers, and one with writers that something else supervises. */
final class EmbeddingWithDocker {
  private EmbeddingWithDocker() {}

  /** Backs up what is found; the containers are paused for as short a time as can be. */
  static BackupReport backUp(Path home, Path folder) throws IOException {
    Discovery found = DockerDiscovery.find(home, DockerOptions.NONE, System.getenv());
    try (BackupTarget target = BackupTargets.open(folder)) {
      return Backups.in(target).create(found.installation(), BackupRequest.STANDARD);
    }
  }

  /** Backs up plain directories. A control of type {@code systemd} stops their writers. */
  static BackupReport backUpServices(Path home, Path storage, Path folder) throws IOException {
    // While we hold the writer paused, its lock file can be ignored.
    Map<String, String> directory = Map.of("path", storage.toString(), "allow-live", "true");
    Installation installation =
        Installation.at(home)
            .with(new Installation.Part("directory", directory, false))
            .withWriters(new Installation.Writers("systemd", Map.of("units", "openmemory,qdrant")));
    try (BackupTarget target = BackupTargets.open(folder)) {
      return Backups.in(target)
          .create(installation, BackupRequest.STANDARD.withQuiesce(Quiesce.STOP));
    }
  }
}
