package dev.openmemory.backup.source.sqlite;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another process that uses a database; also its {@code main}. It ends when its standard input
 * does, so that it never outlives the test.
 *
 * <p>Needs nothing but the SQLite driver, so that tests of other modules may copy it.
 */
public final class DatabaseProcess implements Closeable {
  /** What the process does. */
  public enum Role {
    /**
     * Commits as fast as it can. Transaction n writes n to the counter and to both halves of a
     * pair, and adds row n to the log: a copy that holds no whole prefix of them shows it.
     */
    WRITER,
    /** Holds a lock that keeps readers out, also in WAL mode. */
    EXCLUSIVE,
    /** Has the database open and is idle. */
    IDLE,
    /** Commits rows and then dies in the middle of a transaction that has reached the disk. */
    KILLED
  }

  private final Process process;
  private final BufferedReader output;

  private DatabaseProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts the process and waits until it is at work. */
  public static DatabaseProcess start(Role role, Path database, String journalMode)
      throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-Dfile.encoding=UTF-8",
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
            "-cp",
            classPath(),
            DatabaseProcess.class.getName(),
            role.name(),
            // A URI: the characters of a path may not survive the platform's argument encoding.
            database.toUri().toASCIIString(),
            journalMode);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    DatabaseProcess child = new DatabaseProcess(process);
    String line = child.output.readLine();
    if (!"ready".equals(line)) {
      child.close();
      throw new IOException("the process said " + line);
    }
    return child;
  }

  /** Surefire hands the class path over in another property when it forks with a jar. */
  private static String classPath() {
    return System.getProperty(
        "surefire.test.class.path", System.getProperty("java.class.path", ""));
  }

  /** Waits for a process that ends by itself. */
  public void awaitEnd() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still alive");
    }
  }

  /** Whether it is still at work. */
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Runs a role. */
  public static void main(String[] arguments) throws Exception {
    Thread end = new Thread(DatabaseProcess::exitWithInput);
    end.setDaemon(true);
    end.start();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[1]);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=60000");
      statement.execute("PRAGMA journal_mode=" + arguments[2]);
      switch (Role.valueOf(arguments[0])) {
        case WRITER -> write(statement);
        case EXCLUSIVE -> {
          statement.execute("PRAGMA locking_mode=EXCLUSIVE");
          statement.execute("BEGIN EXCLUSIVE");
          rest();
        }
        case IDLE -> {
          statement.executeQuery("SELECT count(*) FROM sqlite_master").close();
          rest();
        }
        case KILLED -> die(statement);
      }
    }
  }

  private static void exitWithInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // Gone all the same.
    }
    Runtime.getRuntime().halt(0);
  }

  private static void rest() throws InterruptedException {
    System.out.println("ready");
    Thread.currentThread().join();
  }

  private static void write(Statement statement) throws SQLException {
    statement.execute("PRAGMA synchronous=OFF");
    statement.execute("CREATE TABLE counter(n INTEGER)");
    statement.execute("INSERT INTO counter VALUES (0)");
    statement.execute("CREATE TABLE log(n INTEGER PRIMARY KEY, filler BLOB)");
    statement.execute("CREATE TABLE pair(half INTEGER PRIMARY KEY, n INTEGER, filler BLOB)");
    statement.execute("INSERT INTO pair VALUES (1, 0, zeroblob(9000)), (1000000, 0, NULL)");
    System.out.println("ready");
    for (long n = 1; ; n++) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("UPDATE pair SET n = " + n + " WHERE half = 1");
      statement.execute("INSERT INTO log VALUES (" + n + ", randomblob(2000))");
      statement.execute("UPDATE counter SET n = " + n);
      statement.execute("UPDATE pair SET n = " + n + " WHERE half = 1000000");
      statement.execute("COMMIT");
    }
  }

  private static void die(Statement statement) throws SQLException {
    statement.execute("PRAGMA wal_autocheckpoint=0");
    statement.execute("PRAGMA cache_size=2");
    statement.execute("CREATE TABLE victim(n INTEGER, filler BLOB)");
    statement.execute(
        "INSERT INTO victim WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
            + " WHERE n < 200) SELECT n, zeroblob(3000) FROM c");
    statement.execute("BEGIN IMMEDIATE");
    statement.execute("UPDATE victim SET n = -n, filler = randomblob(3000)");
    System.out.println("ready");
    System.out.flush();
    Runtime.getRuntime().halt(9);
  }
}
