package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.LockWait;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * The database of an installation that runs.
 *
 * @param patience how long to wait for locks of other processes
 */
record LiveDatabase(Path file, Duration patience, Cancellation cancellation) {
  private static final String OPERATION = "change memories";

  interface Work<T> {
    T with(SQLiteConnection connection) throws SQLException, IOException;
  }

  /** The same, which nothing cancels. */
  LiveDatabase uncancelled() {
    return new LiveDatabase(file, patience, new Cancellation());
  }

  RowWriter rows(SQLiteConnection connection) throws SQLException {
    return new RowWriter(connection, file.toString());
  }

  /** Reads in one transaction. Its beginning takes no lock; the first look at the file does. */
  <T> T read(Work<T> work) throws IOException {
    return in(List.of("BEGIN", "SELECT 1 FROM sqlite_master LIMIT 1"), "ROLLBACK", work);
  }

  /** All that the work changes is there afterwards, or nothing of it. */
  <T> T change(Work<T> work) throws IOException {
    return in(List.of("BEGIN IMMEDIATE"), "COMMIT", work);
  }

  private <T> T in(List<String> begin, String end, Work<T> work) throws IOException {
    try (SQLiteConnection connection = Connections.readWrite(file);
        Statement statement = connection.createStatement()) {
      for (String step : begin) {
        patiently(statement, step);
      }
      try {
        T result = work.with(connection);
        patiently(statement, end);
        return result;
      } catch (SQLException | IOException | RuntimeException | Error e) {
        rollBack(statement, e);
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(OPERATION, file.toString(), e);
    }
  }

  private static void rollBack(Statement statement, Throwable failure) {
    try {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled it back by itself; closing the connection would do it too.
      failure.addSuppressed(e);
    }
  }

  /** Readers keep a commit waiting, too. */
  private void patiently(Statement statement, String sql) throws SQLException, IOException {
    new LockWait(patience, cancellation)
        .run(OPERATION, file.toString(), () -> statement.execute(sql));
  }
}
