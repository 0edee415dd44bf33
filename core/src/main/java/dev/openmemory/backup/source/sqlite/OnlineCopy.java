package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.sqlite.Connections;
import dev.openmemory.backup.internal.sqlite.LockWait;
import dev.openmemory.backup.internal.sqlite.SqliteFailure;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.internal.swap.Destination;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * Copies a database that others may be writing to.
 *
 * <p>A read transaction is begun first, which waits for locks and can be cancelled; then SQLite's
 * online backup copies all pages in one step inside it. In several steps it would begin again
 * whenever another process commits, and never end.
 */
record OnlineCopy(Path source, Duration busyTimeout, Cancellation cancellation) {
  private static final String OPERATION = "copy database";

  /** Without {@code -shm}: it belongs to the processes that use the database. */
  private static final List<String> COPIED = List.of("", "-wal", "-journal");

  private interface Opener {
    SQLiteConnection open(Path file) throws SQLException, BackupException;
  }

  void to(StagedDatabase copy) throws IOException {
    boolean hasLog = hasSidecar("-wal");
    try {
      // With a log, closing a writable connection would fold the log into the database. Without
      // one, only a writable connection removes the empty log that reading in WAL mode creates.
      copy(hasLog ? Connections::readOnly : Connections::readWrite, copy.file());
    } catch (SQLException e) {
      if (!SqliteFailure.isAccess(e)) {
        throw failure(e);
      }
      copyOtherwise(hasLog, copy, e);
    }
  }

  private void copyOtherwise(boolean hasLog, StagedDatabase copy, SQLException first)
      throws IOException {
    try {
      if (hasLog) {
        copy(Connections::readWrite, copy.file());
      } else if (hasSidecar("-journal")) {
        copyFiles(copy);
      } else {
        copyUnlocked(copy.file());
      }
    } catch (SQLException e) {
      if (SqliteFailure.isAccess(e) && hasLog && !hasSidecar("-shm")) {
        copyFiles(copy);
        return;
      }
      BackupException failure = failure(e);
      failure.addSuppressed(first);
      throw failure;
    }
  }

  /**
   * A database with a log or a journal that SQLite cannot apply, as in a snapshot that is
   * read-only. A process that uses a log has the file {@code -shm}, so none does; the copy is
   * brought to the state that the next to open the original would find.
   */
  private void copyFiles(StagedDatabase copy) throws IOException {
    List<FileTime> before = times();
    for (String suffix : COPIED) {
      Path to = copy.folder().resolve(StagedDatabase.NAME + suffix);
      Files.deleteIfExists(to);
      if (suffix.isEmpty() || hasSidecar(suffix)) {
        try (InputStream in = Files.newInputStream(sidecar(suffix))) {
          Destination.copy(in, to, cancellation);
        }
      }
    }
    if (hasSidecar("-shm") || !before.equals(times())) {
      throw openedMeanwhile();
    }
    copy.recover(source.toString());
  }

  private List<FileTime> times() throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (String suffix : COPIED) {
      if (suffix.isEmpty() || hasSidecar(suffix)) {
        times.add(Files.getLastModifiedTime(sidecar(suffix)));
      }
    }
    return times;
  }

  private BackupException openedMeanwhile() {
    return new BackupException(
        Kind.LOCKED, OPERATION, source.toString(), "another process opened it meanwhile");
  }

  /**
   * A database in WAL mode without a log, in a folder where we may not create one. A process that
   * opened it would have created the log, so none has it open.
   */
  private void copyUnlocked(Path copy) throws IOException, SQLException {
    List<FileTime> before = times();
    copy(Connections::immutable, copy);
    if (!before.equals(times())) {
      throw openedMeanwhile();
    }
  }

  private boolean hasSidecar(String suffix) {
    return Files.exists(sidecar(suffix), LinkOption.NOFOLLOW_LINKS);
  }

  private Path sidecar(String suffix) {
    return source.resolveSibling(source.getFileName() + suffix);
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
    statement.execute("BEGIN");
    new LockWait(busyTimeout, cancellation)
        .run(
            OPERATION,
            source.toString(),
            () -> statement.executeQuery("SELECT count(*) FROM sqlite_master").close());
  }

  private BackupException failure(SQLException e) {
    return SqliteFailure.of(OPERATION, source.toString(), e);
  }
}
