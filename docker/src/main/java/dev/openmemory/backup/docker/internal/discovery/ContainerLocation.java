package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Mount;
import dev.openmemory.backup.docker.internal.engine.Mount.Kind;
import java.util.Optional;

/**
 * Where a path of a container really is.
 *
 * @param path absolute, in the container
 * @param mount that it is in; empty when it is in the container's own layer
 */
record ContainerLocation(Container container, String path, Optional<Mount> mount) {

  static ContainerLocation of(Container container, String path) {
    return new ContainerLocation(container, path, container.mountAt(path));
  }

  /** The volume that it is in, at whatever depth. */
  Optional<String> volume() {
    return mount.filter(m -> m.kind() == Kind.VOLUME).map(Mount::volume);
  }

  /** The volume, if it is the root of one. */
  Optional<String> wholeVolume() {
    return mount
        .filter(m -> m.kind() == Kind.VOLUME && m.destination().equals(path))
        .map(Mount::volume);
  }

  /** Whether a mount shows it and nothing beside it. */
  boolean isMountedAlone() {
    return mount.filter(m -> m.destination().equals(path)).isPresent();
  }

  /** The path on the engine's host, where it has one. */
  Optional<String> onHost() {
    return mount
        .filter(m -> m.kind() != Kind.OTHER && !m.source().isEmpty())
        .map(m -> m.onHost(path));
  }

  /** Whether the other mount shows the same data, or some of it, to its container. */
  boolean isReachedBy(Mount other) {
    return switch (other.kind()) {
      case VOLUME -> volume().filter(other.volume()::equals).isPresent();
      case BIND ->
          mount
              .filter(m -> m.kind() == Kind.BIND)
              .filter(m -> overlaps(m.source(), other.source()))
              .isPresent();
      case OTHER -> false;
    };
  }

  /** For people. */
  String describe() {
    String inside = "container " + container.name() + ":" + path;
    return switch (mount.map(Mount::kind).orElse(Kind.OTHER)) {
      case BIND -> onHost().orElse(inside);
      case VOLUME ->
          "volume "
              + mount.map(Mount::volume).orElse("")
              + mount.map(m -> m.below(path)).orElse("");
      case OTHER -> inside;
    };
  }

  /** For people: why it is where {@link #describe} says. */
  String why() {
    return mount
        .map(m -> m.destination() + " of " + container.name() + " is mounted from there")
        .orElse("nothing is mounted there: it is in the container's own layer");
  }

  private boolean overlaps(String source, String other) {
    String file = source + mount.map(m -> m.below(path)).orElse("");
    return Mount.isAtOrBelow(file, other) || Mount.isAtOrBelow(other, file);
  }
}
