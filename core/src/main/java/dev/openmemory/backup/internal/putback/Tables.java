package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.crosscheck.Comparison;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import dev.openmemory.backup.internal.sqlite.StoredId;
import dev.openmemory.backup.internal.sqlite.StoredTime;
import dev.openmemory.backup.internal.sqlite.TableColumns;
import dev.openmemory.backup.memories.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** The tables of OpenMemory in a database file that does not change, row by row. */
final class Tables implements Closeable {
  static final String USERS = "users";
  static final String APPS = "apps";
  static final String NAMES = "categories";

  private static final String OPERATION = "read memories";

  private final SQLiteConnection connection;
  private final Path file;
  private final String location;
  private final Map<String, TableColumns> columns = new HashMap<>();
  private final Map<String, Map<Object, Row>> others = new HashMap<>();

  private Tables(SQLiteConnection connection, Path file, String location) {
    this.connection = connection;
    this.file = file;
    this.location = location;
  }

  /**
   * Opens the file, and reads all but the memories.
   *
   * @param location of the original, for messages
   */
  static Tables open(Path file, String location) throws IOException {
    try {
      Tables tables = new Tables(Connections.immutable(file), file, location);
      try {
        tables.read();
        return tables;
      } catch (SQLException | IOException e) {
        tables.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(OPERATION, location, e);
    }
  }

  private void read() throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      for (String table :
          Stream.of(MemoryRows.TABLES, List.of(USERS, APPS, NAMES))
              .flatMap(List::stream)
              .toList()) {
        columns.put(table, TableColumns.of(statement, table));
      }
      if (!has(MemoryRows.MEMORIES, "id", "content", "user_id", "state")) {
        throw Kind.NOT_FOUND.failure(
            OPERATION, location, "the database has no table of OpenMemory's memories");
      }
      statement.executeUpdate("CREATE TEMP TABLE memory_ids (digits TEXT PRIMARY KEY, source)");
      statement.executeUpdate(
          Sql.of(
              "INSERT OR IGNORE INTO temp.memory_ids SELECT %s, m.rowid FROM main.memories m",
              StoredId.sql("m.id")));
    }
    for (String table : List.of(USERS, APPS, NAMES)) {
      Map<Object, Row> byId = new LinkedHashMap<>();
      if (has(table, "id")) {
        for (Row row : select("SELECT * FROM main." + table, null)) {
          Object id = row.value("id");
          if (id != null) {
            byId.put(id, row);
          }
        }
      }
      others.put(table, byId);
    }
  }

  Path file() {
    return file;
  }

  /** The collection of the memories. */
  String collection() throws IOException {
    return Comparison.collection(new Memories(file, location))
        .orElseThrow(
            () ->
                Kind.NOT_FOUND.failure(
                    OPERATION, location, "the database has no users of OpenMemory"));
  }

  /** The ids of all memories that are not deleted; one that is no UUID has no point. */
  List<UUID> ids() throws IOException {
    String sql =
        "SELECT i.digits FROM temp.memory_ids i JOIN main.memories m ON m.rowid = i.source WHERE"
            + " lower(coalesce(m.state, 'active')) <> 'deleted' AND "
            + StoredId.isValid("i.digits");
    List<UUID> ids = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        ids.add(UUID.fromString(StoredId.dashed(rows.getString(1))));
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(OPERATION, location, e);
    }
    return ids;
  }

  boolean has(String table, String... names) {
    return columns(table).has(names);
  }

  TableColumns columns(String table) {
    return columns.getOrDefault(table, TableColumns.NONE);
  }

  /** The row of a user, an app or a category, by its id. */
  Optional<Row> other(String table, @Nullable Object id) {
    return id == null ? Optional.empty() : Optional.ofNullable(rows(table).get(id));
  }

  Map<Object, Row> rows(String table) {
    return others.getOrDefault(table, Map.of());
  }

  /** Takes a row that is going to be there. */
  void know(String table, Object id, Row row) {
    Objects.requireNonNull(others.get(table)).put(id, row);
  }

  /** All rows of the memory. */
  Optional<MemoryRows> memory(UUID id) throws IOException {
    try {
      List<Row> found =
          select(
              "SELECT * FROM main.memories WHERE rowid ="
                  + " (SELECT source FROM temp.memory_ids WHERE digits = ?)",
              StoredId.digits(id.toString()));
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(withLinks(connection, linked(), found));
    } catch (SQLException e) {
      throw SqliteFailure.of(OPERATION, location, e);
    }
  }

  private Set<String> linked() {
    return MemoryRows.TABLES.stream()
        .filter(table -> has(table, "memory_id"))
        .collect(Collectors.toSet());
  }

  /** Those of a memory that a connection to such a database gives. */
  static MemoryRows withLinks(SQLiteConnection connection, Set<String> linked, List<Row> memory)
      throws SQLException {
    Map<String, List<Row>> tables = new LinkedHashMap<>();
    tables.put(MemoryRows.MEMORIES, memory);
    Object id = memory.get(0).value("id");
    for (String table : List.of(MemoryRows.CATEGORIES, MemoryRows.CHANGES)) {
      if (linked.contains(table)) {
        tables.put(
            table, select(connection, "SELECT * FROM main." + table + " WHERE memory_id = ?", id));
      }
    }
    return new MemoryRows(tables);
  }

  private List<Row> select(String sql, @Nullable Object parameter) throws SQLException {
    return select(connection, sql, parameter);
  }

  static List<Row> select(SQLiteConnection connection, String sql, @Nullable Object parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (parameter != null) {
        Row.bind(statement, 1, parameter);
      }
      return Row.all(statement);
    }
  }

  /** As it is shown to people. */
  Memory view(UUID id, MemoryRows rows) {
    Row memory = rows.memory();
    List<String> categories =
        rows.rows(MemoryRows.CATEGORIES).stream()
            .flatMap(link -> other(NAMES, link.value("category_id")).stream())
            .flatMap(category -> category.text("name").stream())
            .sorted()
            .toList();
    return new Memory(
        id.toString(),
        other(USERS, memory.value("user_id")).flatMap(user -> user.text("user_id")),
        other(APPS, memory.value("app_id")).flatMap(app -> app.text("name")),
        rows.state().toLowerCase(Locale.ROOT),
        memory.text("content").orElse(""),
        categories,
        memory.text("metadata").filter(json -> !json.equals("null")),
        time(memory, "created_at"),
        time(memory, "updated_at"),
        time(memory, "archived_at"),
        time(memory, "deleted_at"));
  }

  private static Optional<Instant> time(Row row, String column) {
    return row.text(column).flatMap(StoredTime::instant);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqliteFailure.of(OPERATION, location, e);
    }
  }
}
