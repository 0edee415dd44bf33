package dev.openmemory.backup.internal.putback;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one memory. Of its log of accesses only the entries of ours are here.
 *
 * @param tables rows by table
 */
record MemoryRows(Map<String, List<Row>> tables) {
  static final String MEMORIES = "memories";
  static final String CATEGORIES = "memory_categories";
  static final String CHANGES = "memory_status_history";
  static final String ACCESSES = "memory_access_logs";

  /** All tables of which rows are written, and no others; the memory comes first. */
  static final List<String> TABLES = List.of(MEMORIES, CATEGORIES, CHANGES, ACCESSES);

  /** The rows that no program but OpenMemory writes. */
  private static final List<String> COMPARED = List.of(MEMORIES, CATEGORIES, CHANGES);

  static final String DELETED = "deleted";

  MemoryRows {
    tables = Map.copyOf(tables);
  }

  static MemoryRows of(Map<?, ?> json) {
    Map<String, List<Row>> tables = new LinkedHashMap<>();
    for (String table : TABLES) {
      if (json.get(table) instanceof List<?> rows) {
        tables.put(table, rows.stream().map(Row::of).toList());
      }
    }
    return new MemoryRows(tables);
  }

  Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    tables.forEach((table, rows) -> json.put(table, rows.stream().map(Row::values).toList()));
    return json;
  }

  List<Row> rows(String table) {
    return tables.getOrDefault(table, List.of());
  }

  Row memory() {
    return rows(MEMORIES).get(0);
  }

  /** OpenMemory takes a missing one for active. */
  String state() {
    return memory().text("state").orElse("active");
  }

  boolean isDeleted() {
    return state().equalsIgnoreCase(DELETED);
  }

  MemoryRows with(String table, List<Row> rows) {
    Map<String, List<Row>> changed = new LinkedHashMap<>(tables);
    changed.put(table, List.copyOf(rows));
    return new MemoryRows(changed);
  }

  /** Whether the memory and its categories are the same; the history does not count. */
  boolean isSameMemory(MemoryRows other) {
    return text(MEMORIES).equals(other.text(MEMORIES))
        && text(CATEGORIES).equals(other.text(CATEGORIES));
  }

  /** Whether all rows are the same that OpenMemory writes, but its log of accesses. */
  boolean isSame(MemoryRows other) {
    return COMPARED.stream().allMatch(table -> text(table).equals(other.text(table)));
  }

  /** The rows of the table that the other one does not have. */
  List<Row> without(String table, Optional<MemoryRows> other) {
    TreeSet<String> known = new TreeSet<>();
    other.ifPresent(rows -> known.addAll(rows.text(table)));
    return rows(table).stream().filter(row -> !known.contains(row.canonical())).toList();
  }

  private TreeSet<String> text(String table) {
    return rows(table).stream().map(Row::canonical).collect(Collectors.toCollection(TreeSet::new));
  }
}
