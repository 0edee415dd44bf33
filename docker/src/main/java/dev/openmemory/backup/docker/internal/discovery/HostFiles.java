package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.config.EnvironmentFile;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.sqlite.StoredSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** What has to be known of files of this host. */
public interface HostFiles {
  /** The files of the host that this process runs on. */
  static HostFiles ofThisHost() {
    return new OfThisHost();
  }

  /** Whether there is something at the path. */
  boolean exists(Path path);

  /** Whether it is a directory. */
  boolean isDirectory(Path path);

  /**
   * Whether a regular file can be read and replaced there; it may be missing as long as its folder
   * is there.
   */
  boolean isOpen(Path file);

  /** With symbolic links followed where that is possible. */
  Path real(Path path);

  /** The variables of a {@code .env}; empty when there is none, or when it may not be read. */
  Optional<EnvironmentFile> variables(Path file) throws BackupException;

  /** The text of a small file; empty when there is none, or when it may not be read. */
  Optional<String> text(Path file) throws BackupException;

  /** The settings in a database that may be in use; empty when they cannot be read. */
  Optional<ConfigDocument> settings(Path database);

  /** See {@link HostFiles#ofThisHost}. */
  final class OfThisHost implements HostFiles {
    @Override
    public boolean exists(Path path) {
      return Files.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
      return Files.isDirectory(path);
    }

    @Override
    public boolean isOpen(Path file) {
      Path folder = file.getParent();
      return folder != null
          && Files.isDirectory(folder)
          && Files.isReadable(folder)
          && Files.isWritable(folder)
          && (Files.notExists(file, LinkOption.NOFOLLOW_LINKS) || isOpenFile(file));
    }

    /** A link is followed by the container in its own file system, not in ours. */
    private static boolean isOpenFile(Path file) {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.isReadable(file)
          && Files.isWritable(file);
    }

    private interface Reading<T> {
      T of(Path file) throws IOException;
    }

    @Override
    public Optional<EnvironmentFile> variables(Path file) throws BackupException {
      return read(file, EnvironmentFile::read);
    }

    @Override
    public Optional<String> text(Path file) throws BackupException {
      // Each byte is a character, whatever the encoding: what is looked for is ASCII.
      return read(file, path -> Files.readString(path, StandardCharsets.ISO_8859_1));
    }

    private static <T> Optional<T> read(Path file, Reading<T> reading) throws BackupException {
      try {
        return Files.isRegularFile(file) ? Optional.of(reading.of(file)) : Optional.empty();
      } catch (IOException e) {
        BackupException failure = FileFailure.of("read settings", file, e);
        if (failure.kind() == Kind.DENIED) {
          // The source of the configuration warns of it; the data may well be where it is found.
          return Optional.empty();
        }
        throw failure;
      }
    }

    @Override
    public Optional<ConfigDocument> settings(Path database) {
      return StoredSettings.in(database);
    }

    @Override
    public Path real(Path path) {
      try {
        return path.toRealPath();
      } catch (IOException e) {
        return path.toAbsolutePath().normalize();
      }
    }
  }
}
