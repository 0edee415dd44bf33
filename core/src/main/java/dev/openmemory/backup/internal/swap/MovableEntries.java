package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whether this process may move entries of a directory to another one. The system asks for the
 * right to write to the directory, and also to each directory that is moved.
 */
record MovableEntries(Predicate<Path> writable) {
  /** By the rights of this process. */
  static MovableEntries here() {
    return new MovableEntries(Files::isWritable);
  }

  /**
   * Refuses when there is one that cannot be moved.
   *
   * @throws BackupException of kind {@code DENIED}, naming it
   */
  void require(List<Path> entries) throws BackupException {
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && !writable.test(entry)) {
        throw Kind.DENIED.failure(
            "replace",
            entry.toString(),
            "belongs to another user and may not be moved by this one, so a restore would fail");
      }
    }
  }

  /** Whether {@link #require} would not refuse any entry of the directory. */
  boolean all(Path directory) throws IOException {
    try {
      require(Disk.entries(directory));
      return true;
    } catch (BackupException e) {
      return false;
    }
  }
}
