package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConnection;

/**
 * The database of an installation that runs.
 *
 * @param patience how long to wait for locks of other processes
 */
record LiveDatabase(Path file, Duration patience, Cancellation cancellation) {
  private static final String OPERATION = "change memories";
  private static final long POLL_MILLIS = 20;

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

  /** Reads in one transaction. */
  <T> T read(Work<T> work) throws IOException {
    return in("BEGIN", "ROLLBACK", work);
  }

  /** All that the work changes is there afterwards, or nothing of it. */
  <T> T change(Work<T> work) throws IOException {
    return in("BEGIN IMMEDIATE", "COMMIT", work);
  }

  private <T> T in(String begin, String end, Work<T> work) throws IOException {
    try (SQLiteConnection connection = Connections.readWrite(file);
        Statement statement = connection.createStatement()) {
      patiently(statement, begin);
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
    long start = System.nanoTime();
    while (true) {
      cancellation.check();
      try {
        statement.execute(sql);
        return;
      } catch (SQLException e) {
        if (!SqliteFailure.isBusy(e)) {
          throw e;
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(patience) >= 0) {
          throw Kind.LOCKED.failure(
              OPERATION,
              file.toString(),
              "another process held its lock for " + waited.toMillis() + " ms",
              e);
        }
        pause();
      }
    }
  }

  private void pause() throws BackupException {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancellation.check();
    }
  }
}
