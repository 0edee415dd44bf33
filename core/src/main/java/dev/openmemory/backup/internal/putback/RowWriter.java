package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import dev.openmemory.backup.internal.sqlite.StoredId;
import dev.openmemory.backup.internal.sqlite.TableColumns;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConnection;

/** Makes changes of rows in a transaction of a live database, and finds out whether they were. */
final class RowWriter {
  private static final String OPERATION = "change memories";

  private final SQLiteConnection connection;
  private final String location;
  private final Set<String> linked = new HashSet<>();

  RowWriter(SQLiteConnection connection, String location) throws SQLException {
    this.connection = connection;
    this.location = location;
    try (Statement statement = connection.createStatement()) {
      for (String table : MemoryRows.TABLES) {
        if (TableColumns.of(statement, table).has("memory_id")) {
          linked.add(table);
        }
      }
    }
  }

  /** The rows of the memory now. */
  private Optional<MemoryRows> present(Change change) throws SQLException {
    Object id =
        change
            .rowsBefore()
            .or(change::rowsAfter)
            .map(rows -> rows.memory().value("id"))
            .orElse(StoredId.digits(change.id().toString()));
    List<Row> memory = Tables.select(connection, "SELECT * FROM main.memories WHERE id = ?", id);
    return memory.isEmpty()
        ? Optional.empty()
        : Optional.of(Tables.withLinks(connection, linked, memory));
  }

  /**
   * Makes sure that the rows are as they were when the change was planned.
   *
   * @throws BackupException of kind {@code INCONSISTENT} when they are not
   */
  void requireUnchanged(Change change) throws BackupException {
    try {
      if (!isSame(present(change), change.rowsBefore())) {
        throw changedMeanwhile(change.id());
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(OPERATION, location, e);
    }
  }

  static boolean isSame(Optional<MemoryRows> one, Optional<MemoryRows> other) {
    return (one.isPresent() && other.isPresent())
        ? one.get().isSame(other.get())
        : one.isEmpty() && other.isEmpty();
  }

  /**
   * Makes the change.
   *
   * @throws BackupException of kind {@code INCONSISTENT} when the rows are others than before it
   */
  void apply(Change change) throws BackupException {
    requireUnchanged(change);
    try {
      if (change.changesRows()) {
        make(change);
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(OPERATION, location, e);
    }
  }

  private void make(Change change) throws SQLException {
    for (Change.Needed need : change.needs()) {
      addUnlessThere(need);
    }
    for (String table : MemoryRows.TABLES) {
      if (table.equals(MemoryRows.MEMORIES)) {
        changeMemory(change);
      } else {
        for (Row gone : without(change.rowsBefore(), table, change.rowsAfter())) {
          delete(table, gone);
        }
        for (Row added : without(change.rowsAfter(), table, change.rowsBefore())) {
          insert(table, added);
        }
      }
    }
  }

  static BackupException changedMeanwhile(UUID id) {
    return Kind.INCONSISTENT.failure(
        OPERATION, "memory " + id, "another program has changed it since its changes were planned");
  }

  private static List<Row> without(
      Optional<MemoryRows> rows, String table, Optional<MemoryRows> others) {
    return rows.map(of -> of.without(table, others)).orElse(List.of());
  }

  private void changeMemory(Change change) throws SQLException {
    if (change.rowsBefore().isEmpty()) {
      insert(MemoryRows.MEMORIES, change.rowsAfter().orElseThrow().memory());
    } else if (change.rowsAfter().isEmpty()) {
      delete(MemoryRows.MEMORIES, change.rowsBefore().get().memory());
    } else {
      update(change.rowsAfter().get().memory(), change.rowsBefore().get().memory());
    }
  }

  private void update(Row after, Row before) throws SQLException {
    String values =
        after.values().keySet().stream()
            .map(column -> Sql.quoted(column) + " = ?")
            .collect(Collectors.joining(", "));
    try (PreparedStatement statement =
        connection.prepareStatement(Sql.of("UPDATE main.memories SET %s WHERE id = ?", values))) {
      after.bind(statement, 1);
      Row.bind(statement, after.values().size() + 1, before.value("id"));
      statement.executeUpdate();
    }
  }

  /** What refers to a memory that was not there may have stayed, and is as good. */
  private void insert(String table, Row row) throws SQLException {
    String insert = linked.contains(table) ? "INSERT OR IGNORE" : "INSERT";

    String columns =
        row.values().keySet().stream().map(Sql::quoted).collect(Collectors.joining(", "));
    String places = row.values().keySet().stream().map(c -> "?").collect(Collectors.joining(", "));
    try (PreparedStatement statement =
        connection.prepareStatement(
            Sql.of("%s INTO main.%s (%s) VALUES (%s)", insert, table, columns, places))) {
      row.bind(statement, 1);
      statement.executeUpdate();
    }
  }

  private void delete(String table, Row row) throws SQLException {
    String condition =
        row.values().keySet().stream()
            .map(column -> Sql.quoted(column) + " IS ?")
            .collect(Collectors.joining(" AND "));
    try (PreparedStatement statement =
        connection.prepareStatement(Sql.of("DELETE FROM main.%s WHERE %s", table, condition))) {
      row.bind(statement, 1);
      statement.executeUpdate();
    }
  }

  private void addUnlessThere(Change.Needed need) throws SQLException {
    if (!isThere(need.table(), need.row())) {
      insert(need.table(), need.row());
    }
  }

  private boolean isThere(String table, Row row) throws SQLException {
    String sql = Sql.of("SELECT id FROM main.%s WHERE id = ?", table);
    return !Tables.select(connection, sql, row.value("id")).isEmpty();
  }

  /**
   * Whether the transaction of the change was committed, also when the memory was changed again
   * since: by the entries of the history that were added or removed, if there are any. Old ones may
   * be left of a memory that was not there, so that all have to tell.
   */
  boolean isApplied(Change change) throws SQLException {
    List<Row> added = without(change.rowsAfter(), MemoryRows.CHANGES, change.rowsBefore());
    List<Row> removed = without(change.rowsBefore(), MemoryRows.CHANGES, change.rowsAfter());
    if (added.isEmpty() && removed.isEmpty()) {
      return isSame(present(change), change.rowsAfter());
    }
    for (Row row : added) {
      if (!isThere(MemoryRows.CHANGES, row)) {
        return false;
      }
    }
    for (Row row : removed) {
      if (isThere(MemoryRows.CHANGES, row)) {
        return false;
      }
    }
    return true;
  }
}
