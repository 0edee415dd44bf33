package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Directories that are private and durable, and that are removed when they are empty. */
final class Directories {
  private static final Logger LOG = LoggerFactory.getLogger(Directories.class);

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private Directories() {}

  /** The mode to create a file or directory with, where there are modes. */
  static FileAttribute<?>[] mode(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Creates the directory and its missing parents, durably. The root may be reached through links,
   * nothing below it may. Where others remove empty directories meanwhile, it may be missing again.
   */
  static void create(Path root, Path directory) throws IOException {
    boolean below = !directory.equals(root) && directory.startsWith(root);
    LinkOption[] links = below ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    Path parent = directory.getParent();
    if (below && parent != null) {
      create(root, parent);
    }
    if (Files.isDirectory(directory, links)) {
      return;
    }
    if (!below && parent != null) {
      create(root, parent);
    }
    try {
      Files.createDirectory(directory, mode("rwx------"));
      if (parent != null) {
        force(parent);
      }
    } catch (FileAlreadyExistsException e) {
      // In one look, for a delete may remove what was there between two.
      if (look(directory, links).filter(found -> !found.isDirectory()).isPresent()) {
        throw new NotDirectoryException(directory.toString());
      }
    }
  }

  /** What is there at this moment, if anything is. */
  static Optional<BasicFileAttributes> look(Path path, LinkOption... links) throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, links));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes the entries of a directory durable. Does so also when the thread is interrupted, because
   * a published name stays.
   */
  static void force(Path directory) throws IOException {
    if (!POSIX) {
      return;
    }
    boolean interrupted = false;
    try {
      boolean done = false;
      while (!done) {
        interrupted |= Thread.interrupted();
        done = tryForce(directory);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** False when it is to be tried again. */
  private static boolean tryForce(Path directory) throws IOException {
    Optional<Object> before = look(directory).map(BasicFileAttributes::fileKey);
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    } catch (IOException e) {
      if (Files.notExists(directory)) {
        // Some file systems fail without saying that another process has removed it.
        throw new NoSuchFileException(directory.toString());
      }
      if (!before.equals(look(directory).map(BasicFileAttributes::fileKey))) {
        // Removed and made again meanwhile.
        return false;
      }
      if (Disk.forcesFilesOnly(directory)) {
        return true;
      }
      throw e;
    }
  }

  /**
   * Removes the directory and its parents below the root as far as they are empty. What was deleted
   * in them stays so when one may not be removed.
   */
  static void removeEmpty(Path root, Path directory) {
    for (Path at = directory; !at.equals(root); at = Objects.requireNonNull(at.getParent())) {
      try {
        Files.delete(at);
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        // In use, or another process was faster.
        return;
      } catch (IOException e) {
        LOG.warn("the empty folder {} remains: {}", at, FileFailure.reason(e));
        return;
      }
    }
  }
}
