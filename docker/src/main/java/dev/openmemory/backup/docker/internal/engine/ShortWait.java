package dev.openmemory.backup.docker.internal.engine;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.target.Waiter;
import java.time.Duration;

/** A wait that an interrupt ends. */
final class ShortWait {
  private ShortWait() {}

  /** Waits; {@code CANCELLED}, with the interrupt flag set, when the thread is interrupted. */
  static void of(long millis, Waiter waiter) throws BackupException {
    try {
      waiter.await(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure("wait", "", "the thread was interrupted", e);
    }
  }
}
