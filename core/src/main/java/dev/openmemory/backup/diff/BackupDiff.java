package dev.openmemory.backup.diff;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * In what two backups of one target differ. What is only in the second one was added, what is only
 * in the first one was removed.
 *
 * @param before the first one
 * @param after the second one
 * @param parts the components of either, with their sizes
 * @param tables of either database, by name; empty unless both have a database
 * @param memories empty unless both databases have them
 * @param settings the documents in which something is different, without any value
 * @param collections of either, by name
 * @param notCompared what could not be compared and why; no differences
 */
public record BackupDiff(
    Side before,
    Side after,
    List<Part> parts,
    List<Table> tables,
    Optional<Memories> memories,
    List<Settings> settings,
    List<Collection> collections,
    List<Warning> notCompared,
    Duration elapsed) {

  /** Copies the lists. */
  public BackupDiff {
    parts = List.copyOf(parts);
    tables = List.copyOf(tables);
    settings = List.copyOf(settings);
    collections = List.copyOf(collections);
    notCompared = List.copyOf(notCompared);
  }

  /**
   * Whether no difference was found: the same components, tables, columns, rows, settings and
   * collections with as many points. Vectors are not looked at one by one, and sizes are no
   * difference.
   */
  public boolean same() {
    return settings.isEmpty()
        && parts.stream().allMatch(Part::same)
        && tables.stream().allMatch(Table::same)
        && collections.stream().allMatch(Collection::same);
  }

  /** One of the two backups. */
  public record Side(BackupName name, BackupSummary.State state, Instant created) {}

  /** The number of some things, and the first of them. */
  public record Listed<T>(long count, List<T> first) {
    /** Copies the list. */
    public Listed {
      first = List.copyOf(first);
    }

    /** How many there are that are not in the list. */
    public long more() {
      return count - first.size();
    }
  }

  /**
   * A component of a backup.
   *
   * @param before empty when the first one has no such component
   * @param identical whether the plain bytes are the same, by their digests; empty unless both
   *     backups have a manifest and the component
   */
  public record Part(
      String component, Optional<Size> before, Optional<Size> after, Optional<Boolean> identical) {
    /** Of which the contents are compared, and not the bytes. */
    private static final List<String> LOOKED_INTO =
        List.of(Component.DATABASE, Component.CONFIG, Component.VECTORS);

    private boolean same() {
      boolean both = before.isPresent() == after.isPresent();
      return both && (LOOKED_INTO.contains(component) || identical.orElse(false));
    }
  }

  /**
   * Bytes of a component.
   *
   * @param plainBytes before compression; empty when it is compressed and has no manifest
   */
  public record Size(long storedBytes, OptionalLong plainBytes) {}

  /**
   * A table of the databases.
   *
   * @param before rows in the first one; empty when it has no such table
   * @param rows empty unless both have the table, and a column in common
   * @param columnsAdded that only the second one has, when both have the table
   */
  public record Table(
      String name,
      OptionalLong before,
      OptionalLong after,
      Optional<Rows> rows,
      List<String> columnsAdded,
      List<String> columnsRemoved) {
    /** Copies the lists. */
    public Table {
      columnsAdded = List.copyOf(columnsAdded);
      columnsRemoved = List.copyOf(columnsRemoved);
    }

    /** Whether both have it with the same columns and rows. */
    public boolean same() {
      boolean columns = columnsAdded.isEmpty() && columnsRemoved.isEmpty();
      return columns && rows.filter(Rows::same).isPresent();
    }
  }

  /**
   * Rows of a table, matched by its primary key and compared by the columns that both have. A row
   * of a table without one, or with another one, is matched by all of these columns, and so never
   * changed.
   *
   * @param both in both, also changed ones
   */
  public record Rows(long added, long removed, long changed, long both) {
    private boolean same() {
      return added == 0 && removed == 0 && changed == 0;
    }
  }

  /**
   * Memories, matched by id whatever its case and dashes.
   *
   * @param statesBefore how many are {@code active}, {@code paused}, {@code archived}, {@code
   *     deleted} or {@code other} in the first one; a state without memories is absent
   * @param changed those of which a column that both have is different
   */
  public record Memories(
      Map<String, Long> statesBefore,
      Map<String, Long> statesAfter,
      Listed<Memory> added,
      Listed<Memory> removed,
      Listed<Memory> changed) {
    /** Copies the maps. */
    public Memories {
      statesBefore = Collections.unmodifiableMap(new TreeMap<>(statesBefore));
      statesAfter = Collections.unmodifiableMap(new TreeMap<>(statesAfter));
    }
  }

  /**
   * A memory that is different.
   *
   * @param id with dashes when it is one of OpenMemory's; others are cut off after 80 characters
   * @param before empty when it was added
   * @param after empty when it was removed
   * @param columns that changed; empty unless it is in both
   */
  public record Memory(
      String id, Optional<Version> before, Optional<Version> after, List<String> columns) {
    /** Copies the list. */
    public Memory {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A memory as one backup has it.
   *
   * @param state {@code active}, {@code paused}, {@code archived} or {@code deleted}; empty for
   *     anything else
   * @param content empty unless it was asked for and there is one
   */
  public record Version(Optional<String> state, Optional<Text> content) {}

  /**
   * The text of a memory, which is not in {@link #toString()}.
   *
   * @param beginning at most {@value #MOST_CHARACTERS} characters of it
   * @param characters in all
   */
  public record Text(String beginning, long characters) {
    /** So many characters of a text are shown. */
    public static final int MOST_CHARACTERS = 4000;

    @Override
    public String toString() {
      return "a text of " + characters + " characters";
    }
  }

  /**
   * Settings that are different, by place: {@code mem0.llm.config.model}. The empty place is the
   * whole document, which is not JSON. No value is shown.
   *
   * @param document {@code config.json} or {@code table configs}, where a place begins with the key
   *     of the row
   */
  public record Settings(
      String document, Listed<String> added, Listed<String> removed, Listed<String> changed) {}

  /**
   * A collection of vectors.
   *
   * @param before empty when the first one has no such collection
   */
  public record Collection(String name, Optional<Points> before, Optional<Points> after) {
    private boolean same() {
      boolean both = before.isPresent() && after.isPresent();
      boolean bothExact =
          both && before.get().exact().isPresent() && after.get().exact().isPresent();
      return both && (!bothExact || before.equals(after));
    }
  }

  /**
   * The points of a collection.
   *
   * @param exact empty when the backup does not say
   */
  public record Points(OptionalLong exact) {}
}
