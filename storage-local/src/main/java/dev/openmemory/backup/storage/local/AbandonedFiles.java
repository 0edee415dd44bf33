package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.file.KeptOpen;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds and removes the {@link PartialFile}s of processes that are no more. */
final class AbandonedFiles {
  private final FileOperation operation;
  private final List<Path> removed = new ArrayList<>();

  private AbandonedFiles(FileOperation operation) {
    this.operation = operation;
  }

  /**
   * Removes files of ended writers in the operation's path and the folders in it, where backups
   * are, with directories that this leaves empty.
   */
  static List<Path> sweep(FileOperation operation) throws IOException {
    AbandonedFiles leftovers = new AbandonedFiles(operation);
    leftovers.sweepDirectory(operation.path());
    return leftovers.removed;
  }

  /**
   * The lock of an active writer, or null if another process has it or the file system has no
   * locks; then no file is ever removed.
   */
  static @Nullable FileLock tryLock(FileChannel channel) {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      KeptOpen.add(channel);
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  private void sweepDirectory(Path directory) throws IOException {
    boolean found = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        operation.checkInterrupt();
        String name = Objects.requireNonNull(entry.getFileName()).toString();
        if (PartialFile.isName(name) && removeAbandoned(entry, name)) {
          removed.add(entry);
          found = true;
        } else if (directory.equals(operation.path())
            && ObjectName.isValid(name)
            && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          sweepDirectory(entry);
        }
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (AccessDeniedException e) {
      if (directory.equals(operation.path())) {
        throw e;
      }
      // Another user's.
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    if (found) {
      Directories.removeEmpty(operation.path(), directory);
    }
  }

  private static boolean removeAbandoned(Path file, String name) throws IOException {
    if (PartialFile.isLive(name)) {
      return false;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return false;
    }
    try {
      // Removed under the lock: a writer that has created but not yet locked it looks again.
      return tryLock(channel) != null && Files.deleteIfExists(file);
    } finally {
      if (!KeptOpen.contains(channel)) {
        PartialFile.close(channel, file);
      }
    }
  }
}
