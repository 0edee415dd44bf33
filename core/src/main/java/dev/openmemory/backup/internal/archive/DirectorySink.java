package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Puts the checked entries of an archive into a directory; see {@link TarExtractor}. */
final class DirectorySink implements TarSink {
  private final Path root;
  private final String archive;
  private final ExtractionLimit limit;
  private final RestoredOwners owners;
  private final byte[] buffer = new byte[64 << 10];
  private final boolean unix;
  private final boolean superuser;

  /** Their modes and times are set last: a read-only one takes no entries. */
  private final Map<String, TarEntry> directories = new HashMap<>();

  private long written;

  DirectorySink(Path root, String archive, ExtractionLimit limit, RestoredOwners owners)
      throws IOException {
    this.root = root;
    this.owners = owners;
    this.archive = archive;
    this.limit = limit;
    this.unix = root.getFileSystem().supportedFileAttributeViews().contains("unix");
    this.superuser = unix && Files.getAttribute(root, "unix:uid").equals(0);
  }

  @Override
  public void directory(TarEntry entry) throws IOException {
    Path path = path(entry);
    try {
      if (entry.name().isEmpty()) {
        owners.root(entry);
        return;
      }
      if (directories.put(entry.name(), entry) == null) {
        Files.createDirectory(path, mode("rwx------"));
      }
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  @Override
  public void file(TarEntry entry, InputStream content) throws IOException {
    Path path = path(entry);
    try {
      Files.createFile(path, mode("rw-------"));
      writeContent(entry, content, path);
      setAttributes(entry, path, entry.mode() & 0777);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private void writeContent(TarEntry entry, InputStream content, Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      SparsePages pages = new SparsePages(file.getChannel());
      long length = 0;
      for (int got = content.readNBytes(buffer, 0, buffer.length);
          got > 0;
          got = content.readNBytes(buffer, 0, buffer.length)) {
        written +=
            pages.write(length, ByteBuffer.wrap(buffer, 0, got), limit.writtenBytes() - written);
        if (written > limit.writtenBytes()) {
          throw Kind.NO_SPACE.failure(
              "unpack",
              archive,
              "entry '" + entry.name() + "' goes beyond " + limit.writtenBytes() + " bytes");
        }
        length += got;
      }
      file.setLength(length);
    }
  }

  @Override
  public void symbolicLink(TarEntry entry) throws IOException {
    Path path = path(entry);
    try {
      Files.createSymbolicLink(path, path.getFileSystem().getPath(entry.link()));
      setOwner(entry, path);
    } catch (InvalidPathException e) {
      throw unnameable(entry, e);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  @Override
  public void hardLink(TarEntry entry) throws IOException {
    Path path = path(entry);
    try {
      Files.createLink(path, root.resolve(entry.link()));
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /** Deepest first, so that the time of a directory is not changed by what is set below it. */
  void finish() throws IOException {
    List<String> deepestFirst = new ArrayList<>(directories.keySet());
    deepestFirst.sort((a, b) -> b.compareTo(a));
    for (String name : deepestFirst) {
      TarEntry entry = Objects.requireNonNull(directories.get(name));
      Path path = path(entry);
      try {
        setAttributes(entry, path, entry.mode() & 01777);
      } catch (IOException e) {
        throw failure(path, e);
      }
    }
  }

  private void setAttributes(TarEntry entry, Path path, int mode) throws IOException {
    setOwner(entry, path);
    if (unix) {
      Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    }
    Files.setLastModifiedTime(path, entry.modified());
  }

  private void setOwner(TarEntry entry, Path path) throws IOException {
    if (superuser) {
      owners.apply(entry, path);
    }
  }

  private FileAttribute<?>[] mode(String permissions) {
    return unix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private Path path(TarEntry entry) throws IOException {
    Path path;
    try {
      path = root.resolve(entry.name());
    } catch (InvalidPathException e) {
      throw unnameable(entry, e);
    }
    // On Windows a name may have a drive or backslashes.
    if (!path.normalize().startsWith(root.normalize())) {
      throw Kind.CORRUPT.failure("unpack", archive, "entry '" + entry.name() + "' leaves the root");
    }
    return path;
  }

  private BackupException unnameable(TarEntry entry, InvalidPathException cause) {
    return FileFailure.ofName("unpack", archive, entry.name(), cause);
  }

  private static BackupException failure(Path path, IOException e) {
    return FileFailure.of("unpack", path, e);
  }
}
