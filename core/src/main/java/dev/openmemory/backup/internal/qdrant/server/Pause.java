package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.target.Waiter;
import java.time.Duration;

/** Lets time pass, until the end is asked for. */
record Pause(Waiter waiter, Cancellation cancellation) {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** Returns after the duration. */
  void await(Duration duration) throws BackupException {
    for (Duration left = duration; left.compareTo(Duration.ZERO) > 0; left = left.minus(LOOK)) {
      cancellation.check();
      try {
        waiter.await(left.compareTo(LOOK) < 0 ? left : LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    cancellation.check();
  }
}
