package dev.openmemory.backup;

import dev.openmemory.backup.BackupException.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A request to stop, shared between the thread that works and the one that wants it to end.
 * Thread-safe; once cancelled it stays so.
 *
 * <p>Work also ends when its thread is interrupted, which reaches calls that block; the interrupt
 * flag is left set.
 */
public final class Cancellation {
  private final Set<Interruption> interruptions = new HashSet<>();
  private volatile boolean cancelled;

  /** Asks for the end. Work stops at its next buffer or wait and undoes what is half done. */
  public synchronized void cancel() {
    cancelled = true;
    interruptions.forEach(Interruption::send);
    interruptions.clear();
    notifyAll();
  }

  /**
   * Lets {@link #cancel} interrupt the calling thread until the result is closed, for calls that
   * only an interrupt ends. Without effect when {@link #cancel} was called before: what is half
   * done can still be undone.
   */
  public synchronized Interruption interruptCaller() {
    Interruption interruption = new Interruption();
    if (!cancelled) {
      interruptions.add(interruption);
    }
    return interruption;
  }

  /**
   * Waits for the request to stop.
   *
   * @param longest time to wait
   * @return whether {@link #cancel} was called
   * @throws InterruptedException when the calling thread is interrupted
   */
  public synchronized boolean await(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    for (long left = longest.toNanos(); left > 0 && !cancelled; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return cancelled;
  }

  /**
   * Whether the end has been asked for, by {@link #cancel} or by an interrupt of the calling
   * thread.
   */
  public boolean isRequested() {
    return cancelled || Thread.currentThread().isInterrupted();
  }

  /**
   * Returns at once if the run was not cancelled.
   *
   * @throws BackupException of kind {@code CANCELLED} otherwise
   */
  public void check() throws BackupException {
    if (isRequested()) {
      throw Kind.CANCELLED.failure("cancelled", "", "stopped on request");
    }
  }

  /** The time in which {@link #cancel} interrupts a thread. That thread closes it. */
  public final class Interruption implements AutoCloseable {
    private final Thread caller = Thread.currentThread();
    private boolean sent;

    private Interruption() {}

    private void send() {
      sent = true;
      caller.interrupt();
    }

    /** No interrupt is sent after this, and one that was sent no longer shows. */
    @Override
    public void close() {
      synchronized (Cancellation.this) {
        interruptions.remove(this);
        if (sent) {
          sent = false;
          Thread.interrupted();
        }
      }
    }
  }
}
