package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The archive part of the API. It works on containers that were created and never started, that
 * run, are paused or stopped. A path that ends in {@code /.} gives the content of a directory, or
 * of what a symbolic link leads to, with the entry {@code ./} first and {@code ./a/b} after it, for
 * directories of the container and for mounts alike; without that ending the entries begin with the
 * name of the directory, and a symbolic link is given as such.
 */
record Archives(DockerClient client, WatchedTransport transport, DockerFailure failure) {
  private static final String READ = "read archive";
  private static final int MAX_LINKS = 40;

  /** More than the archive of an empty directory takes, whatever its attributes. */
  private static final int EMPTY_DIRECTORY = 256 << 10;

  /** The content of a directory as a stream of a tar. */
  InputStream content(ContainerPath spot) throws BackupException {
    return get(spot, spot.isRoot() ? "/." : spot.path() + "/.");
  }

  /** What is there and below as a stream of a tar; a symbolic link as such. */
  InputStream get(ContainerPath spot) throws BackupException {
    return get(spot, spot.path());
  }

  private InputStream get(ContainerPath spot, String path) throws BackupException {
    InputStream in =
        failure.call(
            READ,
            spot.describe(),
            () -> client.copyArchiveFromContainerCmd(spot.container(), path).exec());
    return new ArchiveStream(in, spot.describe(), failure);
  }

  /** The path with a symbolic link at its end followed; empty when nothing is there. */
  Optional<Found> find(ContainerPath spot) throws IOException {
    ContainerPath at = spot;
    for (int links = 0; links <= MAX_LINKS; links++) {
      TarArchiveEntry header = header(at);
      if (header == null) {
        return Optional.empty();
      }
      if (!header.isSymbolicLink()) {
        return Optional.of(new Found(at, header));
      }
      at = at.follow(header.getLinkName());
    }
    throw Kind.FAILED.failure(
        READ, spot.describe(), "more than " + MAX_LINKS + " symbolic links in a row");
  }

  /**
   * Something that is there.
   *
   * @param header its entry in an archive
   */
  record Found(ContainerPath spot, TarArchiveEntry header) {}

  /** As {@link #find}, for a directory; {@code NOT_FOUND} when there is none. */
  Found directory(EngineDirectory place, ContainerPath spot, String operation) throws IOException {
    Optional<Found> found = find(spot);
    if (found.isEmpty() || !found.get().header().isDirectory()) {
      String fact = found.isEmpty() ? "does not exist" : "is not a directory";
      throw Kind.NOT_FOUND.failure(operation, place.describe(), fact);
    }
    return found.get();
  }

  /**
   * The name of something in the directory, if there is anything. Empty is proof: the engine shows
   * a failure only as an archive without an end marker, which is {@code CORRUPT} here. Podman sends
   * only the end marker for an empty directory, Docker an entry of the directory before it.
   */
  Optional<String> anyEntry(ContainerPath directory) throws IOException {
    byte[] start;
    try (InputStream in = content(directory)) {
      start = in.readNBytes(EMPTY_DIRECTORY);
    }
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(start))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (!SingleEntryTar.isRoot(entry)) {
          return Optional.of(entry.getName());
        }
      }
    }
    if (!SingleEntryTar.hasEndMarker(start)) {
      throw Kind.CORRUPT.failure(READ, directory.describe(), "the engine ended the archive early");
    }
    return Optional.empty();
  }

  /**
   * Unpacks a tar into an existing directory. Not {@code copyUIDGID}: that gives everything to the
   * user of the container, and fails when the engine's host does not know that user; without it
   * owners are as in the archive.
   */
  void put(String operation, ContainerPath directory, InputStream tar) throws BackupException {
    failure.run(
        operation,
        directory.describe(),
        () ->
            client
                .copyArchiveToContainerCmd(directory.container())
                .withRemotePath(directory.path())
                .withTarInputStream(transport.upload(tar))
                .withNoOverwriteDirNonDir(false)
                .withCopyUIDGID(false)
                .exec());
  }

  private @Nullable TarArchiveEntry header(ContainerPath at) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(get(at))) {
      TarArchiveEntry header = tar.getNextEntry();
      if (header == null) {
        throw Kind.CORRUPT.failure(READ, at.describe(), "the engine sent an empty archive");
      }
      return header;
    } catch (BackupException e) {
      // The engine has one status for a missing path and a missing container.
      if (e.kind() == Kind.NOT_FOUND && containerExists(at)) {
        return null;
      }
      throw e;
    }
  }

  private boolean containerExists(ContainerPath spot) throws BackupException {
    failure.call(READ, spot.describe(), () -> client.inspectContainerCmd(spot.container()).exec());
    return true;
  }
}
