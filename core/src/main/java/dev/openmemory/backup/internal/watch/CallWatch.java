package dev.openmemory.backup.internal.watch;

import dev.openmemory.backup.Cancellation;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a call that blocks when its thread is interrupted, which sockets do not notice, when it is
 * cancelled, and when the other side is silent, also while it takes no bytes, for which sockets
 * have no time-out.
 *
 * <p>Has one thread, from the first call until it is closed. Thread-safe.
 */
public final class CallWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallWatch.class);
  private static final long LOOK_MILLIS = 50;

  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor thread;
  private final LongSupplier nanoTime;
  private boolean started;

  /** Creates a watch that has no thread yet; the thread will have that name. */
  public CallWatch(String threadName) {
    this(threadName, System::nanoTime);
  }

  /**
   * The same.
   *
   * @param nanoTime as {@link System#nanoTime}; its thread asks once each time it looks
   */
  public CallWatch(String threadName, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread daemon = new Thread(task, threadName);
              daemon.setDaemon(true);
              return daemon;
            });
  }

  /** A call of this thread, which {@code abort} ends with an exception. Close it at its end. */
  public Call begin(Duration longestSilence, Runnable abort) {
    return begin(longestSilence, new Cancellation(), abort);
  }

  /** A call of this thread, which {@code abort} ends also when the cancellation is asked for. */
  public Call begin(Duration longestSilence, Cancellation cancellation, Runnable abort) {
    return begun(new Call(longestSilence, cancellation, abort));
  }

  /**
   * A call of this thread, which is interrupted once when the other side is silent. Closing the
   * call takes that interrupt back.
   */
  public Call beginInterruptible(Duration longestSilence) {
    return begun(new InterruptibleCall(longestSilence));
  }

  private Call begun(Call call) {
    start();
    calls.add(call);
    return call;
  }

  // What a look throws is caught there.
  @SuppressWarnings("FutureReturnValueIgnored")
  private synchronized void start() {
    if (!started && !thread.isShutdown()) {
      started = true;
      thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    long now = nanoTime.getAsLong();
    for (Call call : calls) {
      try {
        call.look(now);
      } catch (RuntimeException e) {
        // Or the other calls would not be watched any more.
        LOG.debug("a call could not be ended", e);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  public sealed class Call implements AutoCloseable {
    private final Thread caller = Thread.currentThread();
    private final long longestSilenceNanos;
    private final Cancellation cancellation;
    private final Runnable abort;
    private volatile long lastSign = nanoTime.getAsLong();
    private volatile boolean silent;

    private Call(Duration longestSilence, Cancellation cancellation, Runnable abort) {
      this.longestSilenceNanos = longestSilence.toNanos();
      this.cancellation = cancellation;
      this.abort = abort;
    }

    /** Bytes went through. */
    public void progressed() {
      lastSign = nanoTime.getAsLong();
    }

    /** Whether it was ended for the silence of the other side. */
    public boolean wasSilent() {
      return silent;
    }

    private void look(long now) {
      if (now - lastSign > longestSilenceNanos) {
        expire();
      } else if (caller.isInterrupted() || cancellation.isRequested()) {
        abort.run();
      }
    }

    Thread caller() {
      return caller;
    }

    void expire() {
      silent = true;
      abort.run();
    }

    @Override
    public void close() {
      calls.remove(this);
    }
  }

  /** Expires before it is closed or never, so that no later call gets its interrupt. */
  private final class InterruptibleCall extends Call {
    private boolean closed;

    private InterruptibleCall(Duration longestSilence) {
      super(longestSilence, new Cancellation(), () -> {});
    }

    @Override
    synchronized void expire() {
      if (!closed && !wasSilent()) {
        super.expire();
        caller().interrupt();
      }
    }

    @Override
    public synchronized void close() {
      if (!closed && wasSilent()) {
        Thread.interrupted();
      }
      closed = true;
      super.close();
    }
  }
}
