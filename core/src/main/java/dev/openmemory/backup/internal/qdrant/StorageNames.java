package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What the names of the regular files in a tar tell, one after the other. Not thread-safe. */
public final class StorageNames implements Consumer<String> {
  private final SortedSet<String> collections = new TreeSet<>();
  private boolean hasFiles;
  private boolean isStorage;

  /** Takes a name below the root, with slashes. */
  @Override
  public void accept(String name) {
    hasFiles |= !StorageLayout.isTransient(name.replaceFirst("/.*", ""));
    isStorage |= StorageLayout.isStorage(Set.of(name), Set.of(name.replaceFirst("/.*", "")));
    collections.addAll(StorageLayout.collections(Set.of(name)));
  }

  /** The collections that Qdrant will load. */
  public SortedSet<String> collections() {
    return collections;
  }

  /**
   * Refuses what is another program's.
   *
   * @param place where the files are, for messages
   * @throws BackupException of kind {@code INVALID} when there are files, and none of a storage
   */
  public void requireStorage(String place) throws BackupException {
    if (hasFiles && !isStorage) {
      throw noStorage(place);
    }
  }

  /**
   * Refuses a storage that was set aside and lacks some of it.
   *
   * @param found the collections in it
   * @param stated facts of the time when it was set aside
   * @throws BackupException of kind {@code CORRUPT}, naming what is missing
   */
  public static void requireCollections(Collection<String> found, Facts stated, String place)
      throws BackupException {
    Set<String> missing = new TreeSet<>(stated.texts("collections"));
    missing.removeAll(found);
    if (!missing.isEmpty()) {
      throw Kind.CORRUPT.failure(
          "read previous data", place, "the collections " + missing + " are no longer there");
    }
  }

  static BackupException noStorage(String place) {
    return new BackupException(
        Kind.INVALID,
        "Qdrant storage",
        place,
        "is not a Qdrant storage directory: it has neither raft_state.json nor collections");
  }
}
