package dev.openmemory.backup.internal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps on directory trees that {@link java.nio.file.Files} lacks; no step follows links. */
public final class Disk {
  private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

  private Disk() {}

  /** Whether there is an entry of that name, be it a broken link. */
  public static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** The entries of a directory, sorted; none when it is missing. */
  public static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  /** The absolute path, or the closest of its parents that is there. */
  public static Path nearestExisting(Path path) {
    Path at = path;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  /** Creates a directory for its owner only (0700). */
  public static void createPrivateDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, ownerOnly(directory, "rwx------"));
  }

  /** Creates a file for its owner only (0600) and opens it. */
  public static OutputStream createPrivateFile(Path file) throws IOException {
    Files.createFile(file, ownerOnly(file, "rw-------"));
    return Files.newOutputStream(file, StandardOpenOption.WRITE);
  }

  private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Whether the file system of the path knows owners and modes. */
  public static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Makes a file, or the names in a directory, survive a loss of power. */
  public static void force(Path path) throws IOException {
    if (!isPosix(path) && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      // Windows opens no channel on a directory; NTFS journals renames itself.
      return;
    }
    // POSIX flushes through a descriptor that only reads, so that read-only files need no
    // exception.
    StandardOpenOption mode = isPosix(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      if (!forcesFilesOnly(path)) {
        throw e;
      }
    }
  }

  /**
   * Whether a directory that could not be forced is one of a file system that has no such call, as
   * some of networks, and not one of a disk that fails: a file in it can be forced then, and the
   * directory never. A failure that passes may have lost something.
   */
  public static boolean forcesFilesOnly(Path directory) {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try {
      Path probe = Files.createTempFile(directory, ".openmemory-backup-", ".tmp");
      try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[1]));
        channel.force(true);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      LOG.debug("Nothing can be forced in {}", directory, e);
      return false;
    }
    try (FileChannel again = FileChannel.open(directory, StandardOpenOption.READ)) {
      again.force(true);
      return false;
    } catch (IOException e) {
      LOG.debug("{} is of a file system that forces files only", directory, e);
      return true;
    }
  }

  /** {@link #force} for a directory and all that is below it. */
  public static void forceTree(Path root) throws IOException {
    bottomUp(
        root,
        (path, plain) -> {
          if (plain) {
            force(path);
          }
        });
  }

  /** Deletes whatever is there, with all below it. */
  public static void deleteTree(Path root) throws IOException {
    if (!exists(root)) {
      return;
    }
    bottomUp(root, (path, plain) -> Files.delete(path));
  }

  private interface Visit {
    void at(Path path, boolean plain) throws IOException;
  }

  /** Each directory after what is in it; plain are files and directories. */
  private static void bottomUp(Path root, Visit visit) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            visit.at(file, attributes.isRegularFile());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            visit.at(directory, true);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Deletes a directory that holds nothing; leaves any other as it is. An empty one that may not be
   * removed costs no work that is done its success.
   */
  public static void deleteIfEmpty(Path folder) {
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // Something else is kept there, or it is gone already: both are fine.
    } catch (IOException e) {
      LOG.warn("The empty folder {} remains: {}", folder, FileFailure.reason(e));
    }
  }
}
