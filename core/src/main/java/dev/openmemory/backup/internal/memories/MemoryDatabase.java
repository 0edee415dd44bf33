package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import dev.openmemory.backup.internal.sqlite.StoredId;
import dev.openmemory.backup.internal.sqlite.StoredTime;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryDetails.StateChange;
import dev.openmemory.backup.memories.MemoryQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads memories from a database that does not change. Rows pass one at a time. Its temporary
 * tables are where SQLite keeps them: in unnamed files.
 *
 * @param file a complete database
 * @param location of the original, for messages
 */
public record MemoryDatabase(Path file, String location, Cancellation cancellation) {
  private static final String OPERATION = "read memories";
  private static final JsonMapper JSON = new JsonMapper();

  /** More are not named when an id is not unique. */
  private static final int NAMED = 10;

  private interface Question<T> {
    T ask(SQLiteConnection connection, MemoryColumns columns) throws SQLException, IOException;
  }

  /** How many there are, deleted ones included. */
  public long count() throws IOException {
    return ask(
        (connection, columns) -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT count(*) FROM main.memories")) {
            return row.next() ? row.getLong(1) : 0L;
          }
        });
  }

  /**
   * Hands over what is wanted, oldest first.
   *
   * @return how many these were
   */
  public long each(MemoryQuery query, MemorySink sink) throws IOException {
    return ask(
        (connection, columns) -> {
          Condition condition = Condition.of(query, columns);
          choose(connection, columns, condition);
          String sql =
              Sql.of(
                  "SELECT %s FROM temp.wanted w CROSS JOIN main.memories m ON m.rowid = w.source"
                      + " ORDER BY w.place",
                  columns.all());
          long found = 0;
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
              cancellation.check();
              Memory memory = memory(rows);
              if (isSince(memory, query)) {
                found++;
                sink.take(memory);
              }
            }
          }
          return found;
        });
  }

  /** Sorts the rowids alone, so that no text is sorted. */
  private static void choose(
      SQLiteConnection connection, MemoryColumns columns, Condition condition) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (condition.indexed()) {
        statement.executeUpdate(
            Sql.of(
                "CREATE VIRTUAL TABLE %s USING fts5(content, content='', columnsize=0,"
                    + " detail=none, tokenize='unicode61 remove_diacritics 2')",
                Condition.INDEX));
        statement.executeUpdate(
            Sql.of(
                "INSERT INTO %s(rowid, content) SELECT m.rowid, %s FROM main.memories m",
                Condition.INDEX, MemoryColumns.TEXT));
      }
      statement.executeUpdate("CREATE TEMP TABLE wanted (place INTEGER PRIMARY KEY, source)");
    }
    String chosen =
        Sql.of(
            "INSERT INTO temp.wanted(source) SELECT m.rowid FROM main.memories m WHERE %s"
                + " ORDER BY %s, m.rowid",
            condition.sql(), columns.created());
    try (PreparedStatement insert = connection.prepareStatement(chosen)) {
      condition.bind(insert);
      insert.executeUpdate();
    }
  }

  private static boolean isSince(Memory memory, MemoryQuery query) {
    return query.since().isEmpty()
        || memory.changed().filter(time -> !time.isBefore(query.since().get())).isPresent();
  }

  /**
   * The memory with that id, or the only one with an id that begins so.
   *
   * @param id with or without dashes, in any case
   * @throws BackupException of kind {@code INVALID} when several begin so
   */
  public Optional<Memory> find(String id) throws IOException {
    String digits = StoredId.digits(id.strip()).toLowerCase(Locale.ROOT);
    if (digits.isEmpty()) {
      throw Kind.INVALID.failure("find memory", location, "the id is empty");
    }
    String sql = "SELECT %s FROM main.memories m WHERE substr(%s, 1, %d) = ? ORDER BY 1 LIMIT %d";
    List<Memory> found =
        ask(
            (connection, columns) -> {
              List<Memory> memories = new ArrayList<>();
              try (PreparedStatement statement =
                  connection.prepareStatement(
                      Sql.of(sql, columns.all(), MemoryColumns.ID, digits.length(), NAMED + 1))) {
                statement.setString(1, digits);
                try (ResultSet rows = statement.executeQuery()) {
                  while (rows.next()) {
                    memories.add(memory(rows));
                  }
                }
              }
              return memories;
            });
    Optional<Memory> exact =
        found.stream().filter(memory -> StoredId.digits(memory.id()).equals(digits)).findFirst();
    if (exact.isEmpty() && found.size() > 1) {
      List<String> ids = found.stream().map(Memory::id).limit(NAMED).toList();
      String more = found.size() > NAMED ? " and more" : "";
      throw Kind.INVALID.failure(
          "find memory",
          location,
          "several ids begin with '" + id + "': " + String.join(", ", ids) + more);
    }
    return exact.or(() -> found.stream().findFirst());
  }

  /** The recorded changes of state of the memory, oldest first. */
  public List<StateChange> changes(String id) throws IOException {
    return ask(
        (connection, columns) -> {
          List<StateChange> changes = new ArrayList<>();
          if (!columns.changes()) {
            return changes;
          }
          String sql =
              Sql.of(
                  "SELECT lower(h.old_state), lower(h.new_state), %s, h.changed_at"
                      + " FROM main.memory_status_history h WHERE %s = ?"
                      + " ORDER BY h.changed_at, h.rowid",
                  columns.userOf("h.changed_by", true), StoredId.sql("h.memory_id"));
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, StoredId.digits(id));
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                changes.add(
                    new StateChange(
                        Objects.requireNonNullElse(rows.getString(1), ""),
                        Objects.requireNonNullElse(rows.getString(2), ""),
                        Optional.ofNullable(rows.getString(3)),
                        time(rows, 4)));
              }
            }
          }
          return changes;
        });
  }

  private static Memory memory(ResultSet row) throws SQLException {
    return new Memory(
        StoredId.dashed(Objects.requireNonNullElse(row.getString(1), "")),
        Optional.ofNullable(row.getString(2)),
        Optional.ofNullable(row.getString(3)),
        Objects.requireNonNullElse(row.getString(4), ""),
        Objects.requireNonNullElse(row.getString(5), ""),
        names(row.getString(6)),
        Optional.ofNullable(row.getString(7)).filter(json -> !json.equals("null")),
        time(row, 8),
        time(row, 9),
        time(row, 10),
        time(row, 11));
  }

  private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).flatMap(StoredTime::instant);
  }

  private static List<String> names(@Nullable String array) {
    return array == null || array.equals("[]")
        ? List.of()
        : JSON.readTree(array).valueStream().map(JsonNode::asString).toList();
  }

  private <T> T ask(Question<T> question) throws IOException {
    try (SQLiteConnection connection = Connections.immutable(file)) {
      DatabaseCheck.stopOnRequest(connection, cancellation);
      MemoryColumns columns;
      try (Statement statement = connection.createStatement()) {
        columns = MemoryColumns.of(statement);
      }
      if (!columns.hasMemories()) {
        throw Kind.NOT_FOUND.failure(
            OPERATION, location, "the database has no table of OpenMemory's memories");
      }
      return question.ask(connection, columns);
    } catch (SQLException e) {
      cancellation.check();
      throw SqliteFailure.of(OPERATION, location, e);
    }
  }
}
