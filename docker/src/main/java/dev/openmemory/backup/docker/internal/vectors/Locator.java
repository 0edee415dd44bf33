package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.control.QdrantKeys;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.EngineDirectory;
import dev.openmemory.backup.docker.internal.engine.Mount;
import dev.openmemory.backup.docker.internal.engine.Volume;
import dev.openmemory.backup.docker.internal.host.HostPaths;
import dev.openmemory.backup.internal.swap.Replaceable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the storage anew at each run: an image or a compose file may have changed since. */
record Locator(DockerEngine engine, VectorsOptions options) {

  /** For Qdrant. */
  QdrantKeys keys() {
    return options.keys();
  }

  /** Where it is; a volume that is named and does not exist gives a place without a volume. */
  Location locate() throws IOException {
    Optional<Container> container = container();
    if (container.isPresent() && isMeant(container.get())) {
      return inContainer(container.get());
    }
    String name = options.volume().orElseThrow(this::containerGone);
    Optional<Volume> volume = engine.volume(name);
    return new Location(
        Optional.empty(),
        options.path(),
        Optional.empty(),
        volume,
        new EngineDirectory.InVolume(name),
        volume.map(Volume::mountpoint).filter(p -> !p.isEmpty()));
  }

  /**
   * Refuses while a container runs that uses the storage: what is written to is not of one instant.
   *
   * @throws BackupException of kind {@code LOCKED}, naming them
   */
  void requireHeld(Location location) throws IOException {
    requireNone(location, Container::runs, "running");
  }

  /**
   * Refuses also while one is paused: it would continue with what it knows of the old content.
   *
   * @throws BackupException of kind {@code LOCKED}, naming them
   */
  void requireStopped(Location location) throws IOException {
    requireNone(location, c -> c.runs() || c.isPaused(), "running or paused");
  }

  private void requireNone(Location location, Predicate<Container> state, String text)
      throws IOException {
    HostPaths paths = HostPaths.of(engine);
    List<String> found =
        engine.listed().stream()
            .filter(state)
            .filter(c -> !paths.isOwn(c))
            .filter(c -> uses(c, location))
            .map(Container::name)
            .sorted()
            .toList();
    if (!found.isEmpty()) {
      throw Kind.LOCKED.failure(
          "Qdrant storage",
          location.describe(),
          "is in use by " + text + " containers: " + String.join(", ", found));
    }
  }

  /**
   * The directory on this host that can be read, and written to where asked, without the engine.
   */
  Optional<Path> direct(Location location, boolean writing) throws IOException {
    Optional<Path> open =
        onThisHost(location).filter(p -> Files.isReadable(p) && Files.isExecutable(p));
    boolean allowed =
        !writing
            || (open.filter(Files::isWritable).isPresent() && Replaceable.isAllowed(open.get()));
    return open.filter(p -> allowed);
  }

  /** The directory on this host, whatever the rights of this process in it are. */
  Optional<Path> onThisHost(Location location) throws IOException {
    if (location.volume().filter(v -> !v.isPlain()).isPresent()) {
      return Optional.empty();
    }
    HostPaths paths = HostPaths.of(engine);
    return location.onEngineHost().flatMap(paths::here).filter(Files::isDirectory);
  }

  private Optional<Container> container() throws IOException {
    return options.container().isPresent()
        ? engine.container(options.container().get())
        : Optional.empty();
  }

  /** A volume that is named beside a container counts, where the container has another one. */
  private boolean isMeant(Container container) {
    return options.volume().isEmpty()
        || container
            .mountAt(options.path())
            .map(m -> m.volume().equals(options.volume().get()))
            .orElse(false);
  }

  private BackupException containerGone() {
    return Kind.NOT_FOUND.failure(
        "find container", options.container().orElse(""), "does not exist; perhaps it was removed");
  }

  private Location inContainer(Container container) throws IOException {
    Optional<Mount> mount = container.mountAt(options.path());
    Optional<String> volumeName =
        mount.filter(m -> m.kind() == Mount.Kind.VOLUME).map(Mount::volume);
    Optional<Volume> volume =
        volumeName.isPresent() ? engine.volume(volumeName.get()) : Optional.empty();
    boolean wholeVolume = volume.isPresent() && mount.get().destination().equals(options.path());
    EngineDirectory place =
        wholeVolume
            ? new EngineDirectory.InVolume(volume.get().name())
            : new EngineDirectory.InContainer(container.name(), options.path());
    return new Location(
        Optional.of(container),
        options.path(),
        mount,
        volume,
        place,
        onHost(options.path(), mount, volume));
  }

  private static Optional<String> onHost(
      String path, Optional<Mount> mount, Optional<Volume> volume) {
    if (mount.isEmpty() || mount.get().kind() == Mount.Kind.OTHER) {
      return Optional.empty();
    }
    String source = volume.map(Volume::mountpoint).orElse(mount.get().source());
    String below = mount.get().below(path);
    return source.isEmpty() ? Optional.empty() : Optional.of(source + below);
  }

  private static boolean uses(Container container, Location location) {
    boolean isQdrant = location.container().map(c -> c.id().equals(container.id())).orElse(false);
    String volume = location.volume().map(Volume::name).orElse("");
    return isQdrant
        || container.mounts().stream()
            .anyMatch(m -> m.writable() && !volume.isEmpty() && m.volume().equals(volume));
  }
}
