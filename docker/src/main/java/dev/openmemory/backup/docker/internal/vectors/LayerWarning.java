package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.Warning;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Mount;
import java.util.Optional;

/**
 * Vectors in a container's own layer are lost with the container. OpenMemory's own compose file
 * leads there: it mounts the volume where Qdrant does not write.
 */
public final class LayerWarning {
  private static final String CODE = "vectors-in-container-layer";

  private LayerWarning() {}

  static Optional<Warning> of(Location location) {
    return location.isInLayer()
        ? location.container().map(container -> of(container, location.path()))
        : Optional.empty();
  }

  /** The warning about a container with a storage in no mount, with the line that fixes it. */
  public static Warning of(Container container, String path) {
    Optional<Mount> elsewhere =
        container.mounts().stream().filter(m -> m.kind() == Mount.Kind.VOLUME).findFirst();
    String where =
        elsewhere
            .map(m -> "; its volume " + m.volume() + " is mounted at " + m.destination())
            .orElse("; no volume is mounted there");
    String line = elsewhere.map(m -> key(container, m)).orElse("qdrant_data") + ":" + path;
    return new Warning(
        CODE,
        "the vectors are in the own layer of container "
            + container.name()
            + ", at "
            + path
            + where
            + ". They are lost when the container is removed (docker compose down, a new image)."
            + " After this backup, mount the volume there in docker-compose.yml: \"- "
            + line
            + "\", re-create the container and restore");
  }

  /** The name of the volume in the compose file. */
  private static String key(Container container, Mount mount) {
    String project = container.label("com.docker.compose.project") + "_";
    return project.length() > 1 && mount.volume().startsWith(project)
        ? mount.volume().substring(project.length())
        : mount.volume();
  }
}
