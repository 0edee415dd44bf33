package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.diff.BackupDiff.Memories;
import dev.openmemory.backup.diff.BackupDiff.Rows;
import dev.openmemory.backup.diff.BackupDiff.Settings;
import dev.openmemory.backup.diff.BackupDiff.Table;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * Compares two complete databases that do not change. Rows are matched by SQLite, with temporary
 * tables on the disk; none of it grows on the heap.
 *
 * @param location of both, for messages
 */
public record DatabaseDifference(
    Path before, Path after, String location, DiffRequest request, Cancellation cancellation) {
  private static final String OPERATION = "compare databases";
  private static final String FIRST = "main";
  private static final String SECOND = "second";

  /**
   * What is different.
   *
   * @param memories empty when not both databases have them
   * @param settings empty when they are the same, or not both databases have them
   */
  public record Found(
      List<Table> tables, Optional<Memories> memories, Optional<Settings> settings) {}

  public Found find() throws IOException {
    requireSameEncoding();
    try (SQLiteConnection connection = Connections.immutable(before);
        Statement statement = connection.createStatement()) {
      DatabaseCheck.stopOnRequest(connection, cancellation);
      attach(connection);
      return new Work(
              statement, TableShape.in(connection, FIRST), TableShape.in(connection, SECOND))
          .find();
    } catch (SQLException e) {
      cancellation.check();
      throw SqliteFailure.of(OPERATION, location, e);
    }
  }

  /** SQLite cannot have them behind one connection otherwise. */
  private void requireSameEncoding() throws IOException {
    String first = encoding(before);
    String second = encoding(after);
    if (!first.equals(second)) {
      throw Kind.UNSUPPORTED.failure(
          OPERATION,
          location,
          "one database keeps its texts in " + first + ", the other one in " + second);
    }
  }

  private String encoding(Path file) throws IOException {
    try (SQLiteConnection connection = Connections.immutable(file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA encoding")) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw SqliteFailure.of(OPERATION, location, e);
    }
  }

  private void attach(Connection connection) throws SQLException {
    try (PreparedStatement attach = connection.prepareStatement("ATTACH ? AS " + SECOND)) {
      attach.setString(1, after.toUri() + "?mode=ro&immutable=1");
      attach.executeUpdate();
    }
  }

  private final class Work {
    private final Statement statement;
    private final Map<String, TableShape> first;
    private final Map<String, TableShape> second;
    private Optional<Memories> memories = Optional.empty();
    private Optional<Settings> settings = Optional.empty();

    Work(Statement statement, Map<String, TableShape> first, Map<String, TableShape> second) {
      this.statement = statement;
      this.first = first;
      this.second = second;
    }

    Found find() throws SQLException, IOException {
      Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      names.addAll(first.keySet());
      names.addAll(second.keySet());
      List<Table> tables = new ArrayList<>();
      for (String name : names) {
        cancellation.check();
        tables.add(table(name));
      }
      return new Found(tables, memories, settings);
    }

    private Table table(String name) throws SQLException, IOException {
      @Nullable TableShape one = first.get(name);
      @Nullable TableShape other = second.get(name);
      if (one != null && other != null) {
        return new Table(
            name,
            rows(one),
            rows(other),
            different(name, one, other),
            other.beyond(one),
            one.beyond(other));
      }
      return new Table(name, rows(one), rows(other), Optional.empty(), List.of(), List.of());
    }

    private Optional<Rows> different(String name, TableShape one, TableShape other)
        throws SQLException, IOException {
      if (name.equalsIgnoreCase(ConfigsDifference.TABLE)) {
        settings = new ConfigsDifference(statement, one, other, request.named()).find();
      }
      MemoryDifference difference =
          new MemoryDifference(statement, one, other, request, cancellation);
      if (name.equalsIgnoreCase(MemoryDifference.TABLE) && difference.isPossible()) {
        Memories found = difference.find();
        memories = Optional.of(found);
        long removed = found.removed().count();
        long both = one.rows(statement) - removed;
        return Optional.of(new Rows(found.added().count(), removed, found.changed().count(), both));
      }
      return new TableDifference(statement, one, other).rows();
    }

    private OptionalLong rows(@Nullable TableShape table) throws SQLException {
      return table == null ? OptionalLong.empty() : OptionalLong.of(table.rows(statement));
    }
  }
}
