package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConnection;

/**
 * Copies a database that others may be writing to.
 *
 * <p>A read transaction is begun first, which waits for locks and can be cancelled; then SQLite's
 * online backup copies all pages in one step inside it. In several steps it would begin again
 * whenever another process commits, and never end.
 */
final class OnlineCopy {
  private static final long POLL_MILLIS = 5;
  private static final String OPERATION = "copy database";

  private final Path source;
  private final Duration busyTimeout;
  private final Cancellation cancellation;

  OnlineCopy(Path source, Duration busyTimeout, Cancellation cancellation) {
    this.source = source;
    this.busyTimeout = busyTimeout;
    this.cancellation = cancellation;
  }

  private interface Opener {
    SQLiteConnection open(Path file) throws SQLException, BackupException;
  }

  void to(Path copy) throws IOException {
    boolean hasLog = hasSidecar("-wal");
    try {
      // With a log, closing a writable connection would fold the log into the database. Without
      // one, only a writable connection removes the empty log that reading in WAL mode creates.
      copy(hasLog ? Connections::readOnly : Connections::readWrite, copy);
    } catch (SQLException e) {
      if (!SqliteFailure.isAccess(e)) {
        throw failure(e);
      }
      copyOtherwise(hasLog, copy, e);
    }
  }

  private void copyOtherwise(boolean hasLog, Path copy, SQLException first) throws IOException {
    try {
      if (hasLog) {
        copy(Connections::readWrite, copy);
      } else if (hasSidecar("-journal")) {
        throw failure(first);
      } else {
        copyUnlocked(copy);
      }
    } catch (SQLException e) {
      BackupException failure = failure(e);
      failure.addSuppressed(first);
      throw failure;
    }
  }

  /**
   * A database in WAL mode without a log, in a folder where we may not create one: whoever opened
   * it would have created the log, so nobody did.
   */
  private void copyUnlocked(Path copy) throws IOException, SQLException {
    FileTime modified = Files.getLastModifiedTime(source);
    copy(Connections::immutable, copy);
    if (hasSidecar("-wal")
        || hasSidecar("-journal")
        || !modified.equals(Files.getLastModifiedTime(source))) {
      throw new BackupException(
          Kind.LOCKED, OPERATION, source.toString(), "another process opened it meanwhile");
    }
  }

  private boolean hasSidecar(String suffix) {
    return Files.exists(
        source.resolveSibling(source.getFileName() + suffix), LinkOption.NOFOLLOW_LINKS);
  }

  private void copy(Opener opener, Path copy) throws IOException, SQLException {
    try (SQLiteConnection connection = opener.open(source);
        Statement statement = connection.createStatement()) {
      awaitReadTransaction(statement);
      int code = connection.getDatabase().backup("main", copy.toString(), null, 0, 0, -1);
      if (code != 0) {
        Path full = SqliteFailure.isFull(code) ? copy : source;
        throw SqliteFailure.of(OPERATION, full.toString(), code);
      }
    }
    cancellation.check();
  }

  private void awaitReadTransaction(Statement statement) throws IOException, SQLException {
    long start = System.nanoTime();
    statement.execute("BEGIN");
    while (true) {
      cancellation.check();
      try {
        statement.executeQuery("SELECT count(*) FROM sqlite_master").close();
        return;
      } catch (SQLException e) {
        if (!SqliteFailure.isBusy(e)) {
          throw e;
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(busyTimeout) >= 0) {
          throw new BackupException(
              Kind.LOCKED,
              OPERATION,
              source.toString(),
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

  private BackupException failure(SQLException e) {
    return SqliteFailure.of(OPERATION, source.toString(), e);
  }
}
