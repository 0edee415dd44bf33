package dev.openmemory.backup.docker.internal.engine;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends calls in which nothing moves. The time-outs of sockets do not reach the unix socket of the
 * JDK, which docker-java uses, but an interrupt does; a TCP socket is the other way round.
 * Thread-safe.
 */
final class Inactivity implements Closeable {
  private static final long PERIOD_MILLIS = 50;

  private final Map<Thread, Turn> turns = new ConcurrentHashMap<>();
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(Inactivity::daemon);
  private final ScheduledFuture<?> watching;
  private final Duration limit;
  private final LongSupplier nanoTime;

  /** A call that may block. */
  interface Call<T> {
    T run() throws IOException;
  }

  Inactivity(Duration limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
    watching =
        watcher.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Makes the call in this thread, which it interrupts when there was no {@link #progress} for too
   * long.
   *
   * @throws SocketTimeoutException then; the interrupt is gone
   */
  <T> T watch(Call<T> call) throws IOException {
    Turn turn = new Turn(Thread.currentThread());
    turns.put(turn.thread, turn);
    try {
      return call.run();
    } catch (IOException | RuntimeException e) {
      if (end(turn)) {
        throw timeout(e);
      }
      throw e;
    } finally {
      end(turn);
    }
  }

  /** Something moved in the call that this thread is in. */
  void progress() {
    Turn turn = turns.get(Thread.currentThread());
    if (turn != null) {
      turn.progress();
    }
  }

  @Override
  public void close() {
    watching.cancel(false);
    watcher.shutdown();
  }

  private boolean end(Turn turn) {
    turns.remove(turn.thread, turn);
    return turn.end();
  }

  private IOException timeout(Exception cause) {
    SocketTimeoutException timeout =
        new SocketTimeoutException("nothing moved for " + limit.toSeconds() + " s");
    timeout.initCause(cause);
    return timeout;
  }

  private void look() {
    turns.values().forEach(turn -> turn.look(limit.toNanos()));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "openmemory-backup-docker-inactivity");
    thread.setDaemon(true);
    return thread;
  }

  private final class Turn {
    private final Thread thread;
    private long since = nanoTime.getAsLong();
    private boolean over;
    private boolean expired;

    Turn(Thread thread) {
      this.thread = thread;
    }

    synchronized void progress() {
      since = nanoTime.getAsLong();
    }

    synchronized void look(long limit) {
      if (!over && !expired && nanoTime.getAsLong() - since > limit) {
        expired = true;
        thread.interrupt();
      }
    }

    synchronized boolean end() {
      if (!over && expired) {
        Thread.interrupted();
      }
      over = true;
      return expired;
    }
  }
}
