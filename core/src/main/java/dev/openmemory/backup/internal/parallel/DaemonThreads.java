package dev.openmemory.backup.internal.parallel;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** As many daemon threads as there is work for; all end when this object is closed. Thread-safe. */
public final class DaemonThreads implements Executor, AutoCloseable {
  private static final long IDLE_SECONDS = 5;

  private final ThreadPoolExecutor threads;

  /** Has no thread yet; the threads will have that name. */
  public DaemonThreads(String threadName) {
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread daemon = new Thread(task, threadName);
              daemon.setDaemon(true);
              return daemon;
            },
            // A task that comes after the end runs in the thread that brings it.
            (task, pool) -> task.run());
  }

  @Override
  public void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (OutOfMemoryError e) {
      // The system gives no more threads.
      task.run();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
