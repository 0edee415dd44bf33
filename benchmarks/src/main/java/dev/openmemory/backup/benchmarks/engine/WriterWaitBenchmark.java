package dev.openmemory.backup.benchmarks.engine;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.benchmarks.process.ChildProcess;
import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.benchmarks.report.Stopwatch;
import dev.openmemory.backup.spi.BackupTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The longest time that a process, committing 200 times a second, waits for one commit, with and
 * without backups.
 */
public final class WriterWaitBenchmark {
  private static final int ROWS = 20_000;

  private WriterWaitBenchmark() {}

  public static void run(boolean quick) throws Exception {
    int backups = quick ? 3 : 20;
    Output.line(
        "Longest wait of a writer for one commit, %d rows of 1 KiB, %d backups in a row (promised: 250 ms)",
        ROWS, backups);
    for (String mode : List.of("WAL", "DELETE")) {
      try (Folder folder = Folder.create()) {
        measure(folder.path(), mode, backups);
      }
    }
  }

  private static void measure(Path folder, String mode, int count) throws Exception {
    Path database = Files.createDirectories(folder.resolve("api")).resolve("openmemory.db");
    AtomicLong longest = new AtomicLong();
    AtomicLong commits = new AtomicLong();
    try (ChildProcess writer =
            ChildProcess.start(List.of(), CommitLatency.class, database, mode, ROWS);
        BackupTarget target = BackupTargets.open(folder.resolve("backups"))) {
      Thread reader =
          new Thread(
              () ->
                  writer
                      .output()
                      .lines()
                      .forEach(
                          line -> {
                            commits.incrementAndGet();
                            longest.accumulateAndGet(Long.parseLong(line), Math::max);
                          }));
      reader.setDaemon(true);
      reader.start();
      awaitCommits(commits, 200);
      long alone = longest.getAndSet(0);
      long before = commits.get();
      double seconds =
          Stopwatch.seconds(
              () -> {
                for (int i = 0; i < count; i++) {
                  Backups.in(target).create(Installation.at(folder), BackupRequest.named("b-" + i));
                }
              });
      awaitCommits(commits, commits.get() + 5);
      Output.line(
          "  %-6s %6.1f ms, alone %.1f ms; %d commits during %.1f s of backups",
          mode, longest.get() / 1e6, alone / 1e6, commits.get() - before, seconds);
    }
  }

  private static void awaitCommits(AtomicLong commits, long wanted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (commits.get() < wanted) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the writer does not get on");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
