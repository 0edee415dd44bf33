package dev.openmemory.backup.it.docker;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.docker.DockerTrial;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Drills in containers, in a process that can be killed. */
final class DrillOnEngineChild {
  private DrillOnEngineChild() {}

  /** Arguments: target, scratch, backup name, DOCKER_HOST, image. */
  public static void main(String[] args) throws IOException {
    DrillRequest.Server server =
        DockerTrial.server(Optional.of(args[4]), false, Map.of("DOCKER_HOST", args[3]));
    try (BackupTarget target = BackupTargets.open(Path.of(args[0]))) {
      Backups.in(target)
          .withScratch(Path.of(args[1]))
          .drill(new BackupName(args[2]), DrillRequest.STANDARD.withServer(server));
    }
  }
}
