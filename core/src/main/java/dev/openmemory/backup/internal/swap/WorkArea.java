package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The directory that is swapped and the folders of one swap inside it. */
final class WorkArea {
  private final Path directory;
  private final Path root;
  private final Path area;
  private final Path previous;

  private final @Nullable String keptBy;

  /** What that restore has set aside; null when what is put in place is in new/. */
  private final @Nullable Path kept;

  /**
   * The area of one swap.
   *
   * @param keptBy the restore that had set the entries aside which are put in place; null when they
   *     are staged anew
   */
  WorkArea(Path directory, String restoreId, String part, @Nullable String keptBy) {
    this.directory = directory;
    this.root = directory.resolve(Swap.WORK_AREA);
    this.area = root.resolve(restoreId + "-" + part);
    PreviousFolders folders = new PreviousFolders(root);
    this.previous = folders.of(restoreId, part);
    this.keptBy = keptBy;
    this.kept = keptBy == null ? null : folders.of(keptBy, part);
  }

  @Nullable String keptBy() {
    return keptBy;
  }

  Path path() {
    return area;
  }

  Path staging() {
    return kept == null ? area.resolve("new") : kept;
  }

  Path old() {
    return area.resolve("old");
  }

  void create() throws IOException {
    if (!Disk.exists(root)) {
      Disk.createPrivateDirectory(root);
    }
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      throw Kind.INVALID.failure("stage restore", root.toString(), "is not a directory");
    }
    if (Disk.exists(area)) {
      throw Kind.ALREADY_EXISTS.failure(
          "stage restore", area.toString(), "a restore of this id is there");
    }
    Disk.createPrivateDirectory(area);
    Disk.createPrivateDirectory(old());
    if (kept == null) {
      Disk.createPrivateDirectory(staging());
    }
    force(root, directory);
  }

  /** The entries of the directory under the swapped names; null stands for all names. */
  List<Path> swapped(@Nullable List<String> names) throws IOException {
    return swapped(directory, names);
  }

  /** The same of a directory. */
  static List<Path> swapped(Path directory, @Nullable List<String> names) throws IOException {
    if (names == null) {
      Path root = directory.resolve(Swap.WORK_AREA);
      return Disk.entries(directory).stream().filter(entry -> !entry.equals(root)).toList();
    }
    return names.stream().map(directory::resolve).filter(Disk::exists).toList();
  }

  /** Entries that were moved back by hand are the only copy and must not be deleted. */
  void requireSetAside(@Nullable Integer setAside) throws IOException {
    int present = Disk.entries(old()).size();
    if (setAside != null && present < setAside) {
      throw Kind.FAILED.failure(
          "roll back restore",
          old().toString(),
          "nothing was changed: it has "
              + present
              + " of the "
              + setAside
              + " entries that were moved there; the others may have been moved back by hand");
    }
  }

  /** Renames an entry into a folder, where nothing of its name may be. */
  void move(Path entry, Path into) throws IOException {
    Path target = into.resolve(Objects.requireNonNull(entry.getFileName()));
    if (Disk.exists(target)) {
      throw Kind.FAILED.failure("restore", target.toString(), "was created while the restore ran");
    }
    Files.move(entry, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Moves what is under the swapped names to {@link #old}, and says how many entries these are. */
  int setAside(@Nullable List<String> names) throws IOException {
    for (Path entry : swapped(names)) {
      move(entry, old());
    }
    force(old(), directory);
    return Disk.entries(old()).size();
  }

  /** Moves the staged entries to their places. */
  void moveIn() throws IOException {
    for (Path entry : Disk.entries(staging())) {
      move(entry, directory);
    }
    force(directory, staging());
  }

  /**
   * Lets {@link #takeOut} keep what it takes out, which is more than was put in place: a person may
   * have written it.
   */
  void prepareToKeepPut() throws IOException {
    // A run that was killed just then has made it.
    if (kept == null && !Disk.exists(changed())) {
      Disk.createPrivateDirectory(changed());
      force(area);
    }
  }

  private Path changed() {
    return area.resolve("changed");
  }

  /** Takes entries that were put in place out again. What had been kept goes back to its folder. */
  void takeOut(@Nullable List<String> names) throws IOException {
    Path into = kept == null ? changed() : kept;
    boolean keeps = Disk.exists(into);
    for (Path entry : swapped(names)) {
      if (!keeps || Disk.exists(into.resolve(Objects.requireNonNull(entry.getFileName())))) {
        Disk.deleteTree(entry);
      } else {
        move(entry, into);
      }
    }
    force(into, staging(), directory);
  }

  /** Moves what was set aside back to its place. */
  void putBack() throws IOException {
    for (Path entry : Disk.entries(old())) {
      // An application may have made a new one where the old one is missing.
      Disk.deleteTree(directory.resolve(Objects.requireNonNull(entry.getFileName())));
      move(entry, directory);
    }
    force(directory, old());
  }

  /**
   * Makes the names in the folders durable. After renames, the folder that took the entries comes
   * first, so that a loss of power in between leaves them in both folders and not in neither.
   */
  void force(Path... folders) throws IOException {
    for (Path folder : folders) {
      if (Disk.exists(folder)) {
        Disk.force(folder);
      }
    }
  }

  /** Finds what would fail half way, or what going back could not find again. */
  void refuseStaged(@Nullable List<String> names) throws IOException {
    for (Path entry : Disk.entries(staging())) {
      String name = Objects.requireNonNull(entry.getFileName()).toString();
      if (name.equals(Swap.WORK_AREA) || (names != null && !names.contains(name))) {
        throw Kind.INVALID.failure(
            "apply restore", entry.toString(), "is not a name that is replaced");
      }
    }
  }

  /** A mount point cannot be renamed; better to find out before the first move. */
  void refuseOtherFileSystems(List<Path> entries) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    Object device = device(directory);
    for (Path entry : entries) {
      if (!device(entry).equals(device)) {
        throw Kind.UNSUPPORTED.failure(
            "apply restore",
            entry.toString(),
            "is a mount point of its own and cannot be set aside");
      }
    }
  }

  private static Object device(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
  }

  /** Moves what was set aside to where it stays. */
  void keepPrevious() throws IOException {
    keep(old());
  }

  private void keep(Path folder) throws IOException {
    Path parent = Objects.requireNonNull(previous.getParent());
    if (!Disk.exists(parent)) {
      Disk.createPrivateDirectory(parent);
    }
    force(root);
    Files.move(folder, previous, StandardCopyOption.ATOMIC_MOVE);
    force(parent, area);
  }

  Optional<Path> keptPrevious() {
    return Disk.exists(previous) ? Optional.of(previous) : Optional.empty();
  }

  /**
   * Deletes all folders of this swap, but for what is to be kept; the journal goes last, so that a
   * kill leaves it in charge.
   */
  void remove() throws IOException {
    if (Disk.exists(changed())) {
      keep(changed());
    }
    Disk.deleteTree(old());
    if (kept == null) {
      Disk.deleteTree(staging());
    } else {
      PreviousFolders.removeEmpty(kept);
    }
    Journal.delete(area);
    Disk.deleteIfEmpty(area);
    removeRoot();
    force(root, directory);
  }

  /** Removes the folder of all swaps when it is empty. */
  void removeRoot() {
    if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      Disk.deleteIfEmpty(root);
    }
  }
}
