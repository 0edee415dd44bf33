package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Empties directories, for which the API has no call. Unpacking a file in the place of a directory
 * makes the engine remove the directory first: a mount point it can only empty, and then says that
 * it is busy; any other directory it replaces by the file, which unpacking a directory in its place
 * turns back. No image needs a shell for this. Where an engine does it otherwise, and an image that
 * is here has a shell and uses the volume, that does it.
 */
record Clearing(
    DockerClient client, DockerFailure failure, Archives archives, HelperContainers helpers) {
  private static final String CLEAR = "clear";
  private static final long POLL_MILLIS = 100;

  /** Not every {@code find} can delete; the loop is for more names than fit one command line. */
  private static final String REMOVE_ALL =
      "cd \"$0\" && for name in ..?* .[!.]* *; do rm -rf -- \"$name\"; done";

  interface AllContainers {
    List<Container> list() throws IOException;
  }

  /**
   * Empties the directory at the spot, which is where the place is.
   *
   * @param all gives all containers; asked only when they matter, as it waits for each that is
   *     being read
   */
  void clear(EngineDirectory place, ContainerPath spot, AllContainers all) throws IOException {
    Archives.Found found = archives.directory(place, spot, CLEAR);
    if (place instanceof EngineDirectory.InContainer) {
      requireNoMountBelow(place, found.spot(), all.list());
    }
    BackupException refusal = replace(found);
    if (archives.anyEntry(found.spot()).isEmpty()) {
      return;
    }
    List<Container> containers = all.list();
    Optional<String> volume = volume(place, found.spot(), containers);
    Optional<Container> user = volume.flatMap(name -> user(name, containers));
    if (volume.isPresent() && user.isPresent()) {
      removeByShell(volume.get(), user.get().imageId());
    }
    Optional<String> left = archives.anyEntry(found.spot());
    if (left.isPresent()) {
      throw Kind.FAILED.failure(
          CLEAR,
          place.describe(),
          "still contains "
              + left.get()
              + (refusal == null ? "" : "; " + refusal.fact())
              + (user.isPresent() ? "; a shell in " + user.get().image() + " did not help" : ""),
          refusal);
    }
  }

  /** Gives why the engine did not do it all, which for a mount point is how it should be. */
  private @Nullable BackupException replace(Archives.Found directory) throws IOException {
    ContainerPath spot = directory.spot();
    if (spot.isRoot()) {
      throw Kind.INVALID.failure(
          CLEAR, spot.describe(), "the root of a container cannot be emptied");
    }
    BackupException[] refusal = new BackupException[1];
    // Between the two there may be a file where a directory has to be.
    Uninterrupted.run(
        () -> {
          try {
            archives.put(CLEAR, spot.parent(), SingleEntryTar.emptyFile(spot.name()));
          } catch (BackupException e) {
            refusal[0] = e;
          }
          restore(directory, refusal[0]);
        });
    return refusal[0];
  }

  private void restore(Archives.Found directory, @Nullable BackupException refusal)
      throws IOException {
    ContainerPath spot = directory.spot();
    try {
      archives.put(CLEAR, spot.parent(), SingleEntryTar.directory(spot.name(), directory.header()));
    } catch (BackupException e) {
      // Refused altogether, as for a read-only container: then nothing has changed either.
      if (refusal == null) {
        throw e;
      }
    }
  }

  private static void requireNoMountBelow(
      EngineDirectory place, ContainerPath spot, List<Container> containers)
      throws BackupException {
    for (Container container : containers) {
      for (Mount mount : container.mounts()) {
        if (isOf(container, spot) && mount.destination().startsWith(spot.path() + "/")) {
          throw Kind.UNSUPPORTED.failure(
              CLEAR,
              place.describe(),
              "something else is mounted below it, at " + mount.destination());
        }
      }
    }
  }

  private static boolean isOf(Container container, ContainerPath spot) {
    return container.name().equals(spot.container()) || container.id().startsWith(spot.container());
  }

  private static Optional<String> volume(
      EngineDirectory place, ContainerPath spot, List<Container> containers) {
    if (place instanceof EngineDirectory.InVolume in) {
      return Optional.of(in.name());
    }
    return containers.stream()
        .filter(container -> isOf(container, spot))
        .flatMap(container -> container.mounts().stream())
        .filter(mount -> mount.kind() == Mount.Kind.VOLUME && mount.writable())
        .filter(mount -> mount.destination().equals(spot.path()))
        .map(Mount::volume)
        .findFirst();
  }

  private static Optional<Container> user(String volume, List<Container> containers) {
    return containers.stream()
        .filter(c -> c.mounts().stream().anyMatch(mount -> mount.volume().equals(volume)))
        .findFirst();
  }

  /** Lets a shell of that image empty the volume; whether it did is to be looked at. */
  void removeByShell(String volume, String image) throws IOException {
    List<String> command = List.of("/bin/sh", "-c", REMOVE_ALL, HelperContainers.DIRECTORY);
    String id = helpers.oneShot(volume, image, command);
    Closeable removal = () -> Uninterrupted.run(() -> helpers.remove(id));
    try (removal) {
      runShell(volume, id);
    }
  }

  private void runShell(String volume, String id) throws IOException {
    try {
      failure.run(CLEAR, "volume " + volume, () -> client.startContainerCmd(id).exec());
      while (runs(id)) {
        ShortWait.of(POLL_MILLIS, Waiter.SLEEP);
      }
    } catch (BackupException e) {
      // An image without a shell does not start; what is left in the volume is looked at anyway.
      e.throwIfCancelled();
    }
  }

  private boolean runs(String id) throws BackupException {
    return Boolean.TRUE.equals(
        failure.call(
            CLEAR,
            "container " + id,
            () -> client.inspectContainerCmd(id).exec().getState().getRunning()));
  }
}
