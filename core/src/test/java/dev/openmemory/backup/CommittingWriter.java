package dev.openmemory.backup;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Commits 200 transactions a second into a database until it is killed. Transaction k touches four
 * tables, so a torn copy shows; it prints k once the commit has returned.
 */
final class CommittingWriter {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / 200;

  private CommittingWriter() {}

  /** Arguments: database file, journal mode. */
  public static void main(String[] args) throws Exception {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    commit(Path.of(args[0]), args[1], out::println);
  }

  /** Passes on each number once its commit has returned, until it is interrupted. */
  static void commit(Path database, String journalMode, IntConsumer committed) throws Exception {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement sql = db.createStatement()) {
      sql.execute("PRAGMA busy_timeout = 30000");
      sql.execute("PRAGMA journal_mode = " + journalMode);
      sql.execute("CREATE TABLE memories (id TEXT)");
      sql.execute("CREATE TABLE ledger (seq INTEGER PRIMARY KEY, text TEXT)");
      sql.execute("CREATE TABLE left_half (seq INTEGER PRIMARY KEY)");
      sql.execute("CREATE TABLE right_half (seq INTEGER PRIMARY KEY)");
      sql.execute("CREATE TABLE counter (value INTEGER)");
      sql.execute("INSERT INTO counter VALUES (0)");
      db.setAutoCommit(false);
      commitOneByOne(db, committed);
    }
  }

  private static void commitOneByOne(Connection db, IntConsumer committed) throws Exception {
    long next = System.nanoTime();
    try (PreparedStatement left = db.prepareStatement("INSERT INTO left_half VALUES (?)");
        PreparedStatement ledger = db.prepareStatement("INSERT INTO ledger VALUES (?, ?)");
        PreparedStatement counter = db.prepareStatement("UPDATE counter SET value = ?");
        PreparedStatement right = db.prepareStatement("INSERT INTO right_half VALUES (?)")) {
      for (int k = 1; !Thread.currentThread().isInterrupted(); k++) {
        left.setInt(1, k);
        left.executeUpdate();
        ledger.setInt(1, k);
        ledger.setString(2, "transaction " + k + " ".repeat(k % 500));
        ledger.executeUpdate();
        counter.setInt(1, k);
        counter.executeUpdate();
        right.setInt(1, k);
        right.executeUpdate();
        db.commit();
        committed.accept(k);
        next += INTERVAL_NANOS;
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      }
    }
  }
}
