package dev.openmemory.backup.docker.internal.engine;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;

/** A wait that an interrupt ends. */
final class ShortWait {
  private ShortWait() {}

  /** Waits; {@code CANCELLED}, with the interrupt flag set, when the thread is interrupted. */
  static void of(long millis) throws BackupException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackupException(Kind.CANCELLED, "wait", "", "the thread was interrupted", e);
    }
  }
}
