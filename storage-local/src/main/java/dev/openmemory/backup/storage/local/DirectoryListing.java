package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** One listing of the objects below a directory. */
final class DirectoryListing {
  private static final int ANY = 0;

  /** Of an object in a folder. */
  private static final int SEGMENTS = 2;

  private final FileOperation operation;
  private final String prefix;
  private final int segments;
  private final Predicate<String> fileNames;
  private final UnreadableFolders unreadable;
  private final List<ObjectInfo> found = new ArrayList<>();

  private DirectoryListing(
      FileOperation operation,
      String prefix,
      int segments,
      Predicate<String> fileNames,
      UnreadableFolders unreadable) {
    this.fileNames = fileNames;
    this.operation = operation;
    this.prefix = prefix;
    this.segments = segments;
    this.unreadable = unreadable;
  }

  /** The objects below the operation's path with names that start with the prefix, by name. */
  static List<ObjectInfo> all(FileOperation operation, String prefix, UnreadableFolders unreadable)
      throws BackupException {
    return new DirectoryListing(operation, prefix, ANY, name -> true, unreadable).read();
  }

  /**
   * Those of them that are in a folder of the operation's path with a file of such a name; no
   * deeper folder is entered.
   */
  static List<ObjectInfo> folders(
      FileOperation operation,
      String prefix,
      Predicate<String> fileNames,
      UnreadableFolders unreadable)
      throws BackupException {
    return new DirectoryListing(operation, prefix, SEGMENTS, fileNames, unreadable).read();
  }

  private List<ObjectInfo> read() throws BackupException {
    try {
      enter(operation.path(), "", 1);
    } catch (IOException e) {
      throw operation.failure(e);
    }
    found.sort(Comparator.comparing(ObjectInfo::name));
    return found;
  }

  private void enter(Path directory, String path, int depth) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        operation.checkInterrupt();
        String segment = Objects.requireNonNull(entry.getFileName()).toString();
        String name = path + segment;
        if (ObjectName.isValid(segment)
            && (name.startsWith(prefix) || prefix.startsWith(name + "/"))) {
          take(entry, name, depth);
        }
      }
    } catch (NoSuchFileException e) {
      // Removed meanwhile, or not there yet.
      return;
    } catch (AccessDeniedException e) {
      if (prefix.startsWith(path)) {
        throw e;
      }
      unreadable.leaveOut(directory);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Looks at names only, so that a folder with any number of files takes no memory. */
  private boolean isOfInterest(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        operation.checkInterrupt();
        if (fileNames.test(Objects.requireNonNull(entry.getFileName()).toString())
            && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException | AccessDeniedException e) {
      // Entering it says what that means.
      return true;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void take(Path entry, String name, int depth) throws IOException {
    Optional<BasicFileAttributes> facts = Directories.look(entry, LinkOption.NOFOLLOW_LINKS);
    if (facts.filter(BasicFileAttributes::isDirectory).isPresent()) {
      if (segments == ANY || (depth < segments && isOfInterest(entry))) {
        enter(entry, name + "/", depth + 1);
      }
    } else if (name.startsWith(prefix) && (segments == ANY || depth == segments)) {
      facts
          .filter(BasicFileAttributes::isRegularFile)
          .ifPresent(file -> found.add(LocalBackupTarget.info(new ObjectName(name), file)));
    }
  }
}
