package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.engine.Container;

/** Whether a container can be stopped and started again as it was. */
final class Restartable {
  private Restartable() {}

  /**
   * Refuses one that a stop removes, and one that an orchestrator replaces while it is stopped.
   *
   * @throws BackupException of kind {@code UNSUPPORTED}
   */
  static void require(Container container) throws BackupException {
    if (container.removedAtEnd()) {
      throw refused(
          container,
          "was started with --rm, so a stop would remove it, with its own layer and its anonymous"
              + " volumes; start it without --rm, or stop it yourself");
    }
    String service = container.label("com.docker.swarm.service.name");
    if (!service.isEmpty()) {
      throw refused(
          container,
          "is a task of the Swarm service "
              + service
              + ", so another one would be started while it is stopped; scale to 0 (docker service"
              + " scale "
              + service
              + "=0), restore, and scale up again");
    }
    String pod = container.label("io.kubernetes.pod.name");
    if (!pod.isEmpty()) {
      throw refused(
          container,
          "is of the Kubernetes pod "
              + pod
              + ", so another one would be started while it is stopped; scale to 0, restore, and"
              + " scale up again");
    }
  }

  private static BackupException refused(Container container, String fact) {
    return Kind.UNSUPPORTED.failure("stop", "container " + container.name(), fact);
  }
}
