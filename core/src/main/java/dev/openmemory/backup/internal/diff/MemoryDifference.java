package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.diff.BackupDiff.Listed;
import dev.openmemory.backup.diff.BackupDiff.Memories;
import dev.openmemory.backup.diff.BackupDiff.Memory;
import dev.openmemory.backup.diff.BackupDiff.Text;
import dev.openmemory.backup.diff.BackupDiff.Version;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.internal.sqlite.StoredId;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds the memories that are different; texts are cut off before they get here. */
record MemoryDifference(
    Statement statement,
    TableShape before,
    TableShape after,
    DiffRequest request,
    Cancellation cancellation) {
  static final String TABLE = "memories";

  private static final String ID = "id";
  private static final int ID_CHARACTERS = 80;

  /** State, beginning of the content and its characters. */
  private static final int VERSION_COLUMNS = 3;

  /** Whether the tables have what memories can be matched by. */
  boolean isPossible() {
    return before.has(ID) && after.has(ID) && before.findsRows() && after.findsRows();
  }

  Memories find() throws SQLException, IOException {
    List<String> compared =
        before.shared(after).stream().filter(column -> !column.equalsIgnoreCase(ID)).toList();
    try (RowPairs pairs =
        RowPairs.match(statement, before, after, StoredId.sql("t.id"), compared)) {
      Listed<Memory> removed = list(pairs.removed(id() + version("a", before)), this::removed);
      Listed<Memory> added = list(pairs.added(id() + version("b", after)), this::added);
      String both = id() + version("a", before) + version("b", after) + flags(compared);
      Listed<Memory> changed = list(pairs.changed(both), rows -> changed(rows, compared));
      return new Memories(states(before), states(after), added, removed, changed);
    }
  }

  private Map<String, Long> states(TableShape table) throws SQLException {
    Map<String, Long> states = new TreeMap<>();
    String sql =
        Sql.of(
            "SELECT coalesce(%s, 'other'), count(*) FROM %s m GROUP BY 1",
            state("m", table), table.sql());
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        states.put(rows.getString(1), rows.getLong(2));
      }
    }
    return states;
  }

  /** SQL for a state that OpenMemory knows, else null; it takes a missing one for active. */
  private static String state(String row, TableShape table) {
    return !table.has("state")
        ? "NULL"
        : Sql.of(
            "CASE WHEN lower(coalesce(%1$s.state, 'active')) IN"
                + " ('active', 'paused', 'archived', 'deleted')"
                + " THEN lower(coalesce(%1$s.state, 'active')) END",
            row);
  }

  private interface Reader {
    Memory read(ResultSet row) throws SQLException;
  }

  private Listed<Memory> list(String sql, Reader reader) throws SQLException, IOException {
    CappedList<Memory> few = new CappedList<>(request.named());
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        cancellation.check();
        few.add(() -> reader.read(rows));
      }
    }
    return few.listed();
  }

  private static String id() {
    return Sql.of("substr(p.id, 1, %d)", ID_CHARACTERS + 1);
  }

  /** SQL for the columns of a version, each after a comma. */
  private String version(String row, TableShape table) {
    String known = ", " + state(row, table);
    if (!request.content() || !table.has("content")) {
      return known + ", NULL, NULL";
    }
    return Sql.of(
        "%1$s, substr(CAST(%2$s.content AS TEXT), 1, %3$d), length(CAST(%2$s.content AS TEXT))",
        known, row, Text.MOST_CHARACTERS);
  }

  private static String flags(List<String> columns) {
    return columns.stream()
        .map(column -> ", " + RowPairs.differs(column))
        .collect(Collectors.joining());
  }

  private Memory removed(ResultSet row) throws SQLException {
    return new Memory(id(row), Optional.of(version(row, 2)), Optional.empty(), List.of());
  }

  private Memory added(ResultSet row) throws SQLException {
    return new Memory(id(row), Optional.empty(), Optional.of(version(row, 2)), List.of());
  }

  private static Memory changed(ResultSet row, List<String> compared) throws SQLException {
    List<String> columns = new ArrayList<>();
    int flag = 2 + 2 * VERSION_COLUMNS;
    for (String column : compared) {
      if (row.getBoolean(flag)) {
        columns.add(column);
      }
      flag++;
    }
    return new Memory(
        id(row),
        Optional.of(version(row, 2)),
        Optional.of(version(row, 2 + VERSION_COLUMNS)),
        columns);
  }

  private static String id(ResultSet row) throws SQLException {
    String id = row.getString(1);
    return id.length() <= ID_CHARACTERS
        ? StoredId.dashed(id)
        : id.substring(0, ID_CHARACTERS) + "...";
  }

  private static Version version(ResultSet row, int column) throws SQLException {
    long characters = row.getLong(column + 2);
    return new Version(
        Optional.ofNullable(row.getString(column)),
        Optional.ofNullable(row.getString(column + 1)).map(text -> new Text(text, characters)));
  }
}
