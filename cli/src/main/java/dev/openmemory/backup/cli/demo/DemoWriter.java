package dev.openmemory.backup.cli.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that keeps committing, as OpenMemory's API does, until its standard input ends: when
 * asked to, and also when the process that started it ends.
 *
 * <p>Reports each commit on standard output, after it, as {@code <number> <microseconds>}: how long
 * the transaction took with all its waiting.
 */
final class DemoWriter {
  private volatile boolean ended;

  private DemoWriter() {}

  /** Runs with: database file, seed, memories before, transactions per second. */
  public static void main(String[] args) throws SQLException {
    DemoWriter writer = new DemoWriter();
    Thread watch = new Thread(() -> writer.endWith(System.in), "input");
    watch.setDaemon(true);
    watch.start();
    PrintStream reports =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);
    try (Connection connection = DemoDatabase.open(Path.of(args[0]))) {
      DemoRandom random = new DemoRandom(Long.parseLong(args[1]));
      writer.run(
          connection,
          new DemoTransactions(connection, random, Integer.parseInt(args[2])),
          TimeUnit.SECONDS.toNanos(1) / Integer.parseInt(args[3]),
          reports);
    }
  }

  private void run(
      Connection connection, DemoTransactions transactions, long intervalNanos, PrintStream reports)
      throws SQLException {
    connection.setAutoCommit(false);
    try (transactions) {
      for (long number = 1; !ended; number++) {
        long start = System.nanoTime();
        transactions.apply(number);
        connection.commit();
        long took = System.nanoTime() - start;
        reports.print(number + " " + TimeUnit.NANOSECONDS.toMicros(took) + "\n");
        reports.flush();
        LockSupport.parkNanos(intervalNanos - took);
      }
    }
  }

  private void endWith(InputStream input) {
    try {
      input.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // No longer readable is as good an end as any.
    } finally {
      ended = true;
    }
  }
}
