package dev.openmemory.backup.internal.target;

import java.time.Duration;

/** How to let time pass; {@link #SLEEP} outside of tests. */
@FunctionalInterface
public interface Waiter {
  /** Blocks the thread. */
  Waiter SLEEP = duration -> Thread.sleep(duration.toMillis());

  /** Returns after the duration, or as soon as the thread is interrupted. */
  void await(Duration duration) throws InterruptedException;
}
