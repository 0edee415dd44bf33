package dev.openmemory.backup.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Somebody else who uses a database. SQLite keeps the connections of one process apart as it does
 * those of several; {@link SqliteProcessTest} tries the same with processes.
 */
final class DatabaseUser implements Closeable {
  /** What somebody does. */
  enum Role {
    /**
     * Commits as fast as it can. Transaction n writes n to the counter and to both halves of a
     * pair, and adds row n to the log: a copy that holds no whole prefix of them shows it.
     */
    WRITER,
    /** Holds a lock that keeps readers out, also in WAL mode. */
    EXCLUSIVE,
    /** Has the database open and is idle. */
    IDLE,
    /** Commits rows and is then killed in the middle of a transaction that has reached the disk. */
    KILLED
  }

  private final Connection connection;
  private final Statement statement;
  private final Thread writer = new Thread(this::write);
  private volatile boolean ended;
  private final AtomicReference<SQLException> failure = new AtomicReference<>();

  private DatabaseUser(Path database, String journalMode) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + database.toUri());
    statement = connection.createStatement();
    statement.execute("PRAGMA busy_timeout=60000");
    statement.execute("PRAGMA journal_mode=" + journalMode);
  }

  /** Begins with it. */
  static Closeable start(Role role, Path database, String journalMode) throws Exception {
    if (role == Role.KILLED) {
      leaveWhatAKilledWriterLeaves(database, journalMode);
      return () -> {};
    }
    DatabaseUser user = new DatabaseUser(database, journalMode);
    switch (role) {
      case WRITER -> {
        makeTables(user.statement);
        user.writer.start();
      }
      case EXCLUSIVE -> lock(user.statement);
      default -> throw new IllegalArgumentException("needs a process: " + role);
    }
    return user;
  }

  /** Copies the files in the middle of a transaction: the disk after a death holds no others. */
  private static void leaveWhatAKilledWriterLeaves(Path database, String journalMode)
      throws Exception {
    Path elsewhere = Files.createTempDirectory(database.resolveSibling(".."), "living");
    String name = database.getFileName().toString();
    DatabaseUser living = new DatabaseUser(elsewhere.resolve(name), journalMode);
    changeWithoutCommit(living.statement);
    try (Stream<Path> files = Files.list(elsewhere)) {
      for (Path file : files.toList()) {
        Files.copy(file, database.resolveSibling(file.getFileName()));
      }
    }
    living.close();
  }

  private void write() {
    try {
      for (long n = 1; !ended; n++) {
        commit(statement, n);
      }
    } catch (SQLException e) {
      failure.set(e);
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    try {
      writer.join();
      connection.close();
    } catch (SQLException | InterruptedException e) {
      throw new IOException(e);
    }
    assertThat(failure).as("what it was hindered by").hasValue(null);
  }

  static void makeTables(Statement statement) throws SQLException {
    statement.execute("PRAGMA synchronous=OFF");
    statement.execute("CREATE TABLE counter(n INTEGER)");
    statement.execute("INSERT INTO counter VALUES (0)");
    statement.execute("CREATE TABLE log(n INTEGER PRIMARY KEY, filler BLOB)");
    statement.execute("CREATE TABLE pair(half INTEGER PRIMARY KEY, n INTEGER, filler BLOB)");
    statement.execute("INSERT INTO pair VALUES (1, 0, zeroblob(9000)), (1000000, 0, NULL)");
  }

  static void commit(Statement statement, long n) throws SQLException {
    statement.execute("BEGIN IMMEDIATE");
    statement.execute("UPDATE pair SET n = " + n + " WHERE half = 1");
    statement.execute("INSERT INTO log VALUES (" + n + ", randomblob(2000))");
    statement.execute("UPDATE counter SET n = " + n);
    statement.execute("UPDATE pair SET n = " + n + " WHERE half = 1000000");
    statement.execute("COMMIT");
  }

  static void lock(Statement statement) throws SQLException {
    statement.execute("PRAGMA locking_mode=EXCLUSIVE");
    statement.execute("BEGIN EXCLUSIVE");
  }

  static void changeWithoutCommit(Statement statement) throws SQLException {
    statement.execute("PRAGMA wal_autocheckpoint=0");
    statement.execute("PRAGMA cache_size=2");
    statement.execute("CREATE TABLE victim(n INTEGER, filler BLOB)");
    statement.execute(
        "INSERT INTO victim WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
            + " WHERE n < 200) SELECT n, zeroblob(3000) FROM c");
    statement.execute("BEGIN IMMEDIATE");
    statement.execute("UPDATE victim SET n = -n, filler = randomblob(3000)");
  }
}
