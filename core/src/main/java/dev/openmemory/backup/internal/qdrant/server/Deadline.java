package dev.openmemory.backup.internal.qdrant.server;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The end of a wait, which progress puts off. Thread-safe. */
final class Deadline {
  private final LongSupplier nanoClock;
  private volatile long end;

  Deadline(LongSupplier nanoClock, Duration wait) {
    this.nanoClock = nanoClock;
    putOff(wait);
  }

  /** From now on it is so far away. */
  final void putOff(Duration wait) {
    end = nanoClock.getAsLong() + wait.toNanos();
  }

  boolean isOver() {
    return nanoClock.getAsLong() - end > 0;
  }
}
