package dev.openmemory.backup.benchmarks.engine;

import dev.openmemory.backup.benchmarks.report.Output;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** A process that commits 200 times a second and prints how many nanoseconds each commit took. */
final class CommitLatency {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / 200;

  private CommitLatency() {}

  /** Arguments: database file, journal mode, rows to begin with. */
  public static void main(String[] args) throws Exception {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + Path.of(args[0]));
        Statement sql = db.createStatement()) {
      sql.execute("PRAGMA busy_timeout = 30000");
      sql.execute("PRAGMA journal_mode = " + args[1]);
      sql.execute("CREATE TABLE memories (id TEXT)");
      sql.execute("CREATE TABLE ledger (seq INTEGER PRIMARY KEY, text TEXT)");
      db.setAutoCommit(false);
      try (PreparedStatement insert = db.prepareStatement("INSERT INTO ledger (text) VALUES (?)")) {
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
          insert.setString(1, ("row " + i + " ").repeat(1024 / 9));
          insert.executeUpdate();
        }
        db.commit();
        commitForever(db, insert);
      }
    }
  }

  private static void commitForever(Connection db, PreparedStatement insert) throws Exception {
    long next = System.nanoTime();
    while (true) {
      long start = System.nanoTime();
      insert.setString(1, "committed");
      insert.executeUpdate();
      db.commit();
      Output.line("%d", System.nanoTime() - start);
      next += INTERVAL_NANOS;
      TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
    }
  }
}
