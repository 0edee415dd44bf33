package dev.openmemory.backup.docker.internal.host;

import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.Mount;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where this process finds the files of the engine's host, if it sees them at all. */
public sealed interface HostPaths {

  /** Asks the engine, unless it is of this host. */
  static HostPaths of(DockerEngine engine) throws IOException {
    if (engine.isThisHost()) {
      return new Same();
    }
    Optional<Container> own = OwnContainer.find(engine);
    return own.isPresent() ? new Mounted(own.get()) : new Apart(isDesktop(engine.endpoint()));
  }

  /**
   * The place here of a path on the engine's host, where containers and this process use the same
   * file with the same locks; empty when this process does not see it.
   */
  Optional<Path> here(String onHost);

  /** What the engine's host calls a path here; empty when it has no name there. */
  Optional<String> onHost(Path here);

  /** Whether {@link #onHost} names the same folder there. */
  boolean areShared();

  /** Whether it is the container that this process runs in. */
  default boolean isOwn(Container container) {
    return false;
  }

  /** The engine runs its containers on the host of this process. */
  record Same() implements HostPaths {
    @Override
    public Optional<Path> here(String onHost) {
      return path(onHost);
    }

    @Override
    public Optional<String> onHost(Path here) {
      return Optional.of(here.toString());
    }

    @Override
    public boolean areShared() {
      return true;
    }
  }

  /**
   * This process runs in a container of the engine, and sees what is mounted into it.
   *
   * @param own the container
   */
  record Mounted(Container own) implements HostPaths {
    private static final Comparator<Mount> BEST_FIRST =
        Comparator.comparing(Mount::writable)
            .thenComparing(mount -> mount.source().length())
            .reversed();

    @Override
    public Optional<Path> here(String onHost) {
      return own.mounts().stream()
          .filter(Mounted::isOfHost)
          .filter(mount -> Mount.isAtOrBelow(onHost, mount.source()))
          .sorted(BEST_FIRST)
          .flatMap(mount -> shown(mount, onHost).stream())
          .findFirst();
    }

    /** Empty when another mount covers it. */
    private Optional<Path> shown(Mount mount, String onHost) {
      String inside = mount.inContainer(onHost);
      return own.mountAt(inside).filter(mount::equals).flatMap(seen -> path(inside));
    }

    @Override
    public Optional<String> onHost(Path here) {
      String inside = here.toString();
      return own.mountAt(inside).filter(Mounted::isOfHost).map(mount -> mount.onHost(inside));
    }

    @Override
    public boolean areShared() {
      return true;
    }

    @Override
    public boolean isOwn(Container container) {
      return container.id().equals(own.id());
    }

    /** Whether ports of the host are ports of this process. */
    boolean sharesNetworkOfHost() {
      return own.addresses().containsKey("host");
    }

    /** Of the container, in networks that this process is in too: others are kept apart. */
    List<String> addresses(Container container) {
      return container.addresses().entrySet().stream()
          .filter(network -> own.addresses().containsKey(network.getKey()))
          .map(Map.Entry::getValue)
          .filter(address -> !address.isEmpty())
          .toList();
    }

    private static boolean isOfHost(Mount mount) {
      return mount.kind() != Mount.Kind.OTHER && !mount.source().isEmpty();
    }
  }

  /**
   * The containers run on another kernel, or nothing shows that they do not.
   *
   * @param areShared whether containers get the folders of this host under its paths all the same,
   *     as Docker Desktop does it
   */
  record Apart(boolean areShared) implements HostPaths {
    @Override
    public Optional<Path> here(String onHost) {
      return Optional.empty();
    }

    @Override
    public Optional<String> onHost(Path here) {
      return Optional.of(here.toString());
    }
  }

  /** Its machine shows the folders of this host to containers under the paths of this host. */
  private static boolean isDesktop(Endpoint endpoint) {
    return endpoint.context().filter(c -> c.startsWith("desktop")).isPresent()
        || endpoint.uri().contains("/.docker/desktop/")
        || endpoint.uri().contains("/.docker/run/")
        || endpoint.uri().startsWith("npipe:");
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
