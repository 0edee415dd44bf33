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
  private final CallWatch watch;
  private final Duration limit;

  /** A call that may block. */
  interface Call<T> {
    T run() throws IOException;
  }

  Inactivity(Duration limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.watch = new CallWatch("openmemory-backup-docker-watch", nanoTime);
  }

  /**
   * Makes the call in this thread, which it interrupts when there was no {@link #progress} for too
   * long.
   *
   * @throws SocketTimeoutException then; the interrupt is gone
   */
  <T> T watch(Call<T> call) throws IOException {
    CallWatch.Call watched = watch.beginInterruptible(limit);
    calls.put(Thread.currentThread(), watched);
    try (watched) {
      return call.run();
    } catch (IOException | RuntimeException e) {
      if (watched.wasSilent()) {
        throw timeout(e);
      }
      throw e;
    } finally {
      calls.remove(Thread.currentThread(), watched);
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

  private IOException timeout(Exception cause) {
    SocketTimeoutException timeout =
        new SocketTimeoutException("nothing moved for " + limit.toSeconds() + " s");
    timeout.initCause(cause);
    return timeout;
  }
}
