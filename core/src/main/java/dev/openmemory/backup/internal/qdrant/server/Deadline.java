package dev.openmemory.backup.internal.qdrant.server;

import java.time.Duration;

/** The end of a wait, which progress puts off. Thread-safe. */
final class Deadline {
  private volatile long end;

  private Deadline(Duration wait) {
    this.end = System.nanoTime() + wait.toNanos();
  }

  static Deadline in(Duration wait) {
    return new Deadline(wait);
  }

  /** From now on it is so far away. */
  void putOff(Duration wait) {
    end = System.nanoTime() + wait.toNanos();
  }

  boolean isOver() {
    return System.nanoTime() - end > 0;
  }
}
