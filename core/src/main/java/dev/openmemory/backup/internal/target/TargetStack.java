package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.spi.BackupTarget;
import org.slf4j.LoggerFactory;

/** Puts the layers on a target; nobody else does. */
public final class TargetStack {
  private TargetStack() {}

  // Outermost first:
  //   ReadOnly   nothing below may be reached by mistake, and a refusal is never repeated
  //   Retrying   repeats attempts and resumes reads
  //   Logging    innermost, so that each attempt is seen and not only the last
  //   store      the plug-in: translates verbs and errors, nothing else

  /**
   * The target as the engine uses it. Closing it closes the store.
   *
   * @param readOnly whether writing and deleting are {@code DENIED}
   * @param waiter {@link Waiter#SLEEP} outside of tests
   */
  public static BackupTarget over(
      BackupTarget store, boolean readOnly, Backoff backoff, Waiter waiter) {
    BackupTarget logging =
        new LoggingBackupTarget(store, LoggerFactory.getLogger(LoggingBackupTarget.class));
    BackupTarget retrying = new RetryingBackupTarget(logging, backoff, waiter);
    return readOnly ? new ReadOnlyBackupTarget(retrying) : retrying;
  }
}
