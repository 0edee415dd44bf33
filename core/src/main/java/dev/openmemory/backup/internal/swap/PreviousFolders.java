package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.internal.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What restores have set aside in one work folder: {@code previous/<restore id>-<component>}.
 *
 * @param work {@code .openmemory-backup} of a directory or of a home
 */
public record PreviousFolders(Path work) {
  private static final String FOLDER = "previous";
  private static final String REMOVED = ".removed";
  private static final Pattern NAME =
      Pattern.compile(
          "(restore-[0-9]{8}-[0-9]{6}-[0-9a-f]{8})-(.+?)(?:" + Pattern.quote(REMOVED) + ")?");

  /** One of them, by its name. */
  public record Folder(Path path, String restoreId, String component) {}

  /** Those of the swaps in a directory. */
  public static PreviousFolders in(Path directory) {
    return new PreviousFolders(directory.resolve(Swap.WORK_AREA));
  }

  /** Where the restore of that id keeps what it replaces of the component. */
  public Path of(String restoreId, String component) {
    return work.resolve(FOLDER).resolve(restoreId + "-" + component);
  }

  /** That folder, if it is there. */
  public Optional<Path> find(String restoreId, String component) {
    Path folder = of(restoreId, component);
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(folder)
        : Optional.empty();
  }

  /** All of them, sorted; nothing that has another name. */
  public List<Folder> all() throws IOException {
    return Disk.entries(work.resolve(FOLDER)).stream()
        .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
        .flatMap(path -> folder(path).stream())
        .toList();
  }

  private static Optional<Folder> folder(Path path) {
    Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
    return name.matches()
        ? Optional.of(new Folder(path, name.group(1), name.group(2)))
        : Optional.empty();
  }

  /**
   * Deletes one of them, and the folders above it that are empty then. It loses its name first, so
   * that a part of it is never put back.
   */
  public static void remove(Path folder) throws IOException {
    Path removed = folder;
    String name = String.valueOf(folder.getFileName());
    if (!name.endsWith(REMOVED)) {
      removed = folder.resolveSibling(name + REMOVED);
      Disk.deleteTree(removed);
      Files.move(folder, removed, StandardCopyOption.ATOMIC_MOVE);
      Disk.force(Objects.requireNonNull(folder.getParent()));
    }
    Disk.deleteTree(removed);
    removeEmpty(removed);
  }

  /** Deletes the folder, if it is empty, and the folders above it that are empty then. */
  static void removeEmpty(Path folder) {
    Path previous = Objects.requireNonNull(folder.getParent());
    for (Path empty : List.of(folder, previous, Objects.requireNonNull(previous.getParent()))) {
      if (Files.isDirectory(empty, LinkOption.NOFOLLOW_LINKS)) {
        Disk.deleteIfEmpty(empty);
      }
    }
  }
}
