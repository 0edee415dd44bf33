package dev.openmemory.backup.internal.parallel;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The same step for several things at a time. */
public final class Parallel {
  private Parallel() {}

  /** What is done with each. Blocks only where an interrupt ends it. */
  public interface Step<T> {
    void run(T item) throws IOException;
  }

  /**
   * Does it with all of them, in threads of its own unless one is enough, and returns when no
   * thread is left. The first failure ends the others, and so does an interrupt.
   *
   * @throws IOException that of the step which failed first
   * @throws BackupException of kind {@code CANCELLED} after an interrupt, with the flag set
   */
  public static <T> void forEach(List<T> items, int atATime, Step<T> step) throws IOException {
    int count = Math.min(items.size(), atATime);
    if (count <= 1) {
      for (T item : items) {
        step.run(item);
      }
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(count, Parallel::thread);
    try {
      runAll(threads, items, step);
    } finally {
      end(threads);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "openmemory-backup-parallel");
    thread.setDaemon(true);
    return thread;
  }

  private static <T> void runAll(ExecutorService threads, List<T> items, Step<T> step)
      throws IOException {
    CompletionService<T> results = new ExecutorCompletionService<>(threads);
    AtomicBoolean failed = new AtomicBoolean();
    for (T item : items) {
      results.submit(
          () -> {
            // A thread that failed is free before its failure is seen, and must not continue.
            if (!failed.get()) {
              run(step, item, failed);
            }
            return item;
          });
    }
    try {
      for (int i = 0; i < items.size(); i++) {
        results.take().get();
      }
    } catch (ExecutionException e) {
      throw cause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure("cancelled", "", "interrupted", e);
    }
  }

  private static <T> void run(Step<T> step, T item, AtomicBoolean failed) throws IOException {
    boolean done = false;
    try {
      step.run(item);
      done = true;
    } finally {
      if (!done) {
        failed.set(true);
      }
    }
  }

  private static IOException cause(ExecutionException e) {
    if (e.getCause() instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return (IOException) Objects.requireNonNull(e.getCause());
  }

  /** No thread may continue the work of a call that has returned. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
