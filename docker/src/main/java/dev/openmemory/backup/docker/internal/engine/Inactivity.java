package dev.openmemory.backup.docker.internal.engine;

import dev.openmemory.backup.internal.watch.CallWatch;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Interrupts calls in which nothing moves. The time-outs of sockets do not reach the unix socket of
 * the JDK, which docker-java uses, but an interrupt does; a TCP socket is the other way round.
 * Thread-safe.
 */
final class Inactivity implements Closeable {
  private final Map<Thread, CallWatch.Call> calls = new ConcurrentHashMap<>();
  private final Map<Thread, Duration> shorter = new ConcurrentHashMap<>();
  private final CallWatch watch;
  private final Duration longest;

  /** A call that may block. */
  interface Call<T> {
    T run() throws IOException;
  }

  Inactivity(Duration longest, LongSupplier nanoTime) {
    this.longest = longest;
    this.watch = new CallWatch("openmemory-backup-docker-watch", nanoTime);
  }

  /**
   * Makes the call in this thread, which it interrupts when there was no {@link #progress} for too
   * long.
   *
   * @throws SocketTimeoutException then; the interrupt is gone
   */
  <T> T watch(Call<T> call) throws IOException {
    Duration limit = shorter.getOrDefault(Thread.currentThread(), longest);
    CallWatch.Call watched = watch.beginInterruptible(limit);
    calls.put(Thread.currentThread(), watched);
    try (watched) {
      return call.run();
    } catch (IOException | RuntimeException e) {
      if (watched.wasSilent()) {
        throw timeout(limit, e);
      }
      throw e;
    } finally {
      calls.remove(Thread.currentThread(), watched);
    }
  }

  /** Makes calls in this thread that are watched with a limit of their own. */
  <T> T within(Duration ownLimit, Call<T> calls) throws IOException {
    shorter.put(Thread.currentThread(), ownLimit);
    try {
      return calls.run();
    } finally {
      shorter.remove(Thread.currentThread());
    }
  }

  /** Something moved in the call that this thread is in. */
  void progress() {
    CallWatch.Call call = calls.get(Thread.currentThread());
    if (call != null) {
      call.progressed();
    }
  }

  @Override
  public void close() {
    watch.close();
  }

  private static IOException timeout(Duration limit, Exception cause) {
    SocketTimeoutException timeout =
        new SocketTimeoutException("nothing moved for " + limit.toSeconds() + " s");
    timeout.initCause(cause);
    return timeout;
  }
}
