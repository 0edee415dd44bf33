package dev.openmemory.backup.it.docker;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.sample.PrintedPhases;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Works on a stack in a process that can be killed; prints each phase, and {@code done}. */
final class DockerChild {
  private DockerChild() {}

  /** Arguments: backup or restore, home, target, scratch, DOCKER_HOST, name. */
  public static void main(String[] args) throws IOException {
    PrintedPhases phases = PrintedPhases.toStandardOutput();
    Installation installation =
        DockerDiscovery.find(Path.of(args[1]), DockerOptions.NONE, Map.of("DOCKER_HOST", args[4]))
            .installation();
    try (BackupTarget target = BackupTargets.open(Path.of(args[2]))) {
      Backups backups = Backups.in(target).withScratch(Path.of(args[3])).withListener(phases);
      if (args[0].equals("backup")) {
        backups.create(installation, BackupRequest.named(args[5]));
      } else {
        backups.restore(new BackupName(args[5]), installation, RestoreRequest.STANDARD);
      }
      phases.out().println("done");
    }
  }
}
