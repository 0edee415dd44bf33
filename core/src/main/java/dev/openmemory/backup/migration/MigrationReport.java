package dev.openmemory.backup.migration;

import dev.openmemory.backup.BackupName;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server must have so that a backup works there, beside what it has. States facts; what to
 * do about them is the caller's to say. Names of variables are in it, and never a value.
 *
 * @param name of the backup
 * @param home the OpenMemory folder that was looked at
 * @param items one for each {@link Subject}, in their order
 */
public record MigrationReport(BackupName name, Path home, List<Item> items) {
  /** Copies the list. */
  public MigrationReport {
    items = List.copyOf(items);
  }

  /** What an item is about. */
  public enum Subject {
    /** The variables in {@code .env} or of the container. */
    VARIABLES,
    /** The user of the memories that OpenMemory shows. */
    USER,
    /** The version of Qdrant. */
    QDRANT,
    /** What makes the vectors. */
    EMBEDDER,
    /** The dimensions of the vectors. */
    DIMENSIONS,
    /** Whether OpenMemory runs. */
    RUNNING
  }

  /** What came out. */
  public enum State {
    /** Nothing has to be done. */
    OK,
    /** The server lacks it. */
    MISSING,
    /** The server has another. */
    DIFFERS,
    /** The backup does not say, or there is nothing to compare it with. */
    UNKNOWN
  }

  /**
   * One comparison.
   *
   * @param found a statement for people
   * @param names what the backup needs, as far as it is known: for {@link Subject#VARIABLES} those
   *     that are lacking, or all when nothing is, or when that is not known; for {@link
   *     Subject#USER} the users of the backup; for {@link Subject#QDRANT} the version; for {@link
   *     Subject#EMBEDDER} provider and model in one text; for {@link Subject#DIMENSIONS} the number
   */
  public record Item(Subject subject, State state, String found, List<String> names) {
    /** Copies the list. */
    public Item {
      names = List.copyOf(names);
    }

    /** Whether something has to be done. */
    public boolean isToDo() {
      return state == State.MISSING || state == State.DIFFERS;
    }
  }

  /** What has to be done; empty when nothing has, as far as it is known. */
  public List<Item> toDo() {
    return items.stream().filter(Item::isToDo).toList();
  }
}
