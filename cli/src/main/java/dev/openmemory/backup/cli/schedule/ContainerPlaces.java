package dev.openmemory.backup.cli.schedule;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.nio.file.Path;

/**
 * Paths in a container in which the home, and perhaps a target, are mounted.
 *
 * @param home on this host
 * @param hasTarget whether a target outside of the home is mounted
 */
public record ContainerPlaces(Path home, boolean hasTarget) implements ScheduledArguments.Places {
  @Override
  public String at(Path path) throws BackupException {
    if (!path.startsWith(home)) {
      throw Kind.INVALID.failure(
          "schedule", path.toString(), "is outside of the home, and so is not in the container");
    }
    return CronJob.HOME.resolve(home.relativize(path)).normalize().toString();
  }

  @Override
  public String target(Path path) throws BackupException {
    if (path.startsWith(home)) {
      return at(path);
    }
    if (!hasTarget) {
      throw Kind.INVALID.failure(
          "schedule", path.toString(), "needs --target-pvc, as it is not in the home");
    }
    return CronJob.TARGET.toString();
  }
}
