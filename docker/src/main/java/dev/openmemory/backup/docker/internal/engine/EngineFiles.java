package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** What is in the volumes and containers of an engine. Not thread-safe. */
public final class EngineFiles {
  private static final String WRITE = "write archive";

  private final DockerClient client;
  private final DockerFailure failure;
  private final Archives archives;
  private final HelperContainers helpers;
  private final Clearing.AllContainers containers;

  EngineFiles(
      DockerClient client,
      DockerFailure failure,
      Archives archives,
      HelperContainers helpers,
      Clearing.AllContainers containers) {
    this.client = client;
    this.failure = failure;
    this.archives = archives;
    this.helpers = helpers;
    this.containers = containers;
  }

  /**
   * The content of the directory as an uncompressed tar with {@code ./} entries, streamed. The
   * engine says nothing of a failure in the middle, so the reader has to look for the end marker.
   * Closing it early cuts the connection; until it is closed the engine locks the container that it
   * is read from.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such directory
   */
  public InputStream read(EngineDirectory directory) throws IOException {
    ContainerPath spot = spot(directory, false);
    return archives.content(archives.directory(directory, spot, "read archive").spot());
  }

  /**
   * One file, as a tar with a single entry; a symbolic link is followed.
   *
   * @return empty when there is no such file
   */
  public Optional<InputStream> readFile(String container, String path) throws IOException {
    Optional<Archives.Found> found = archives.find(new ContainerPath(container, path));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (!found.get().header().isFile()) {
      throw Kind.INVALID.failure(
          "read file", found.get().spot().describe(), "is not a regular file");
    }
    return Optional.of(archives.get(found.get().spot()));
  }

  /**
   * Removes everything in the directory, hidden entries too, and proves that nothing is left. The
   * directory itself stays, or is made again with the same owner and mode.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such directory, {@code
   *     UNSUPPORTED} when something else is mounted below it, {@code FAILED} when something is left
   */
  public void clear(EngineDirectory directory) throws IOException {
    clearing().clear(directory, spot(directory, true), containers);
  }

  /**
   * Unpacks an uncompressed tar file of this host into the directory: owners, modes and times as in
   * the archive, files of the same name replaced; so for the directory itself when the archive has
   * an entry for it.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such directory, {@code
   *     NO_SPACE} when the engine says so
   */
  public void write(EngineDirectory directory, Path tar) throws IOException {
    ContainerPath spot = archives.directory(directory, spot(directory, true), WRITE).spot();
    try (InputStream in = open(tar)) {
      archives.put(WRITE, spot, in);
    }
    TarArchiveEntry root = firstEntry(tar);
    // The engine leaves alone the directory that it unpacks into.
    if (root != null && SingleEntryTar.isRoot(root) && !spot.isRoot()) {
      archives.put(WRITE, spot.parent(), SingleEntryTar.directory(spot.name(), root));
    }
  }

  /** Whether something is at the path; a symbolic link is followed. */
  public boolean has(String container, String path) throws IOException {
    return archives.find(new ContainerPath(container, path)).isPresent();
  }

  /**
   * The name of something in the directory, such as {@code a/b}; empty when nothing is in it.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such directory
   */
  public Optional<String> anyEntry(EngineDirectory directory) throws IOException {
    ContainerPath spot = spot(directory, false);
    return archives
        .anyEntry(archives.directory(directory, spot, "read archive").spot())
        .map(name -> name.replaceFirst("^\\./", ""));
  }

  Clearing clearing() {
    return new Clearing(client, failure, archives, helpers);
  }

  private ContainerPath spot(EngineDirectory place, boolean writable) throws IOException {
    if (place instanceof EngineDirectory.InVolume volume) {
      return new ContainerPath(
          helpers.of(volume.name(), writable), HelperContainers.DIRECTORY, place.describe());
    }
    EngineDirectory.InContainer in = (EngineDirectory.InContainer) place;
    return new ContainerPath(in.container(), in.path());
  }

  private static InputStream open(Path tar) throws BackupException {
    try {
      return new LocalFile(Files.newInputStream(tar), tar);
    } catch (IOException e) {
      throw FileFailure.of("read", tar, e);
    }
  }

  private static @Nullable TarArchiveEntry firstEntry(Path tar) throws IOException {
    try (TarArchiveInputStream in = new TarArchiveInputStream(open(tar))) {
      return in.getNextEntry();
    }
  }
}
