package dev.openmemory.backup.internal.lock;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats a step in a thread of its own. Thread-safe. */
final class Beats {
  private static final Logger LOG = LoggerFactory.getLogger(Beats.class);

  private final Duration every;
  private final Step step;
  private final Thread thread;
  private boolean ended;

  /** What is repeated. */
  @FunctionalInterface
  interface Step {
    /** Does it; false when there is nothing left to repeat. A failure is logged. */
    boolean beat() throws IOException;
  }

  private Beats(String name, Duration every, Step step) {
    this.every = every;
    this.step = step;
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  static Beats start(String name, Duration every, Step step) {
    Beats beats = new Beats(name, every, step);
    beats.thread.start();
    return beats;
  }

  /** Returns when no step is being done any more. */
  void end() {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    join();
  }

  /** As {@link #end}; interrupts a step that is being done. */
  void interrupt() {
    synchronized (this) {
      ended = true;
    }
    thread.interrupt();
    join();
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    boolean goOn = true;
    while (goOn && waitForNext()) {
      try {
        goOn = step.beat();
      } catch (IOException | RuntimeException e) {
        LOG.warn("{}: a lock could not be renewed", Thread.currentThread().getName(), e);
      }
    }
  }

  private synchronized boolean waitForNext() {
    long until = System.nanoTime() + every.toNanos();
    while (!ended) {
      long left = Duration.ofNanos(until - System.nanoTime()).toMillis();
      if (left <= 0) {
        return true;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        return false;
      }
    }
    return false;
  }
}
