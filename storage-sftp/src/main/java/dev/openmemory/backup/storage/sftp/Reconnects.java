package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.time.Duration;

/**
 * How long one write bears with a line that breaks: as often as it likes, while it gets further.
 *
 * <p>Not thread-safe.
 */
final class Reconnects {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final SftpOperation operation;
  private final Duration budget;
  private long lastProgress = System.nanoTime();
  private long pauseMillis = FIRST_PAUSE_MILLIS;

  Reconnects(SftpOperation operation) {
    this.operation = operation;
    // One silence to find out, and as much again to come back.
    this.budget = operation.connections().timeout().multipliedBy(2);
  }

  /** What failed before no longer counts. */
  void progressed() {
    lastProgress = System.nanoTime();
    pauseMillis = FIRST_PAUSE_MILLIS;
  }

  /**
   * Connects again after this failure, as soon as that can be done. The caller gives the session
   * back.
   */
  RemoteFiles after(LinkException failure) throws BackupException {
    BackupException last = operation.failure(failure);
    while (true) {
      pause(last);
      try {
        return operation.files();
      } catch (BackupException e) {
        if (!e.kind().isTransient()) {
          throw e;
        }
        last = e;
      }
    }
  }

  private void pause(BackupException failure) throws BackupException {
    if (System.nanoTime() - lastProgress > budget.toNanos()) {
      throw failure;
    }
    try {
      Thread.sleep(pauseMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw operation.failure(Kind.CANCELLED, "interrupted while waiting to connect again");
    }
    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
  }
}
