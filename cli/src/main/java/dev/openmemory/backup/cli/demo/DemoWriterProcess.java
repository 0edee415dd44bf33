package dev.openmemory.backup.cli.demo;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@link DemoWriter} in a process of its own, seen from here. Closing it kills the process. */
final class DemoWriterProcess implements Closeable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private final Thread reader;
  private long committed;
  private long longestMicros;
  private boolean reportsEnded;

  private DemoWriterProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    reader = new Thread(this::readReports, "demo-writer-reports");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts it.
   *
   * @param work an existing directory for its log and temporary files
   */
  static DemoWriterProcess start(Path database, DemoRandom random, DemoSize size, Path work)
      throws IOException {
    Path log = work.resolve("writer.log");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.sqlite.tmpdir=" + work,
                    "-Djava.library.path=" + System.getProperty("java.library.path"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    DemoWriter.class.getName(),
                    database.toString(),
                    Long.toString(random.seed()),
                    Integer.toString(size.memories()),
                    Integer.toString(size.transactionsPerSecond())))
            .redirectError(log.toFile())
            .start();
    return new DemoWriterProcess(process, log);
  }

  /** The number of the newest transaction that is known to be committed. */
  synchronized long committed() {
    return committed;
  }

  /** The longest that a transaction took since the last call. */
  synchronized Duration takeLongestWait() {
    Duration longest = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(longestMicros));
    longestMicros = 0;
    return longest;
  }

  /** Waits until the transaction of that number is committed. */
  synchronized void awaitCommitted(long number) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (committed < number) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (reportsEnded || left <= 0) {
        throw new IOException("the writer stopped at transaction " + committed + ": " + logText());
      }
      wait(left);
    }
  }

  /**
   * Lets it finish its transaction and end.
   *
   * @return how many transactions it has committed
   */
  long finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("the writer did not end within " + TIMEOUT.toSeconds() + " s");
    }
    reader.join();
    if (process.exitValue() != 0) {
      throw new IOException("the writer failed: " + logText());
    }
    return committed();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    // Its files can be deleted only when it has ended, also after an interrupt.
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void readReports() {
    try (Reader stream =
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII);
        BufferedReader lines = new BufferedReader(stream)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        record(Long.parseLong(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
      }
    } catch (IOException | RuntimeException e) {
      // A report that is cut off comes from a killed process and is not needed.
    } finally {
      end();
    }
  }

  private synchronized void record(long number, long micros) {
    committed = number;
    longestMicros = Math.max(longestMicros, micros);
    notifyAll();
  }

  private synchronized void end() {
    reportsEnded = true;
    notifyAll();
  }

  private String logText() throws IOException {
    return Files.readString(log).strip();
  }
}
