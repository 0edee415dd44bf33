package dev.openmemory.backup.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.source.sqlite.DatabaseUser.Role;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;

/**
 * A {@link DatabaseUser} that is a process; also its {@code main}. It ends when its standard input
 * does, so that it never outlives the test.
 */
public final class DatabaseProcess implements Closeable {
  private final Process process;
  private final BufferedReader output;
  private final boolean stays;

  private DatabaseProcess(Process process, boolean stays) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.stays = stays;
  }

  /** Starts the process and waits until it is at work, or has ended when that is its role. */
  static DatabaseProcess start(Role role, Path database, String journalMode) throws IOException {
    List<String> command =
        JavaCommand.of(
            DatabaseProcess.class,
            List.of(
                "-Xmx128m",
                "-Dfile.encoding=UTF-8",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")),
            role,
            // A URI: the characters of a path may not survive the platform's argument encoding.
            database.toUri().toASCIIString(),
            journalMode);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    DatabaseProcess child = new DatabaseProcess(process, role != Role.KILLED);
    String line = child.output.readLine();
    if (!"ready".equals(line)) {
      child.close();
      throw new IOException("the process said " + line);
    }
    if (!child.stays) {
      process.onExit().join();
    }
    return child;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    boolean alive = process.isAlive();
    process.destroyForcibly();
    process.onExit().join();
    assertThat(alive).as("it was left at work").isEqualTo(stays);
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
        case WRITER -> {
          DatabaseUser.makeTables(statement);
          System.out.println("ready");
          for (long n = 1; ; n++) {
            DatabaseUser.commit(statement, n);
          }
        }
        case EXCLUSIVE -> {
          DatabaseUser.lock(statement);
          rest();
        }
        case IDLE -> {
          statement.executeQuery("SELECT count(*) FROM sqlite_master").close();
          rest();
        }
        case KILLED -> {
          DatabaseUser.changeWithoutCommit(statement);
          System.out.println("ready");
          System.out.flush();
          Runtime.getRuntime().halt(9);
        }
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
}
