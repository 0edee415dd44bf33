package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.BackupTarget;
import java.util.OptionalLong;
import org.slf4j.LoggerFactory;

/** Puts the layers on a target. Only this class does. */
public final class TargetStack {
  private TargetStack() {}

  // Outermost first:
  //   ReadOnly   nothing below may be reached by mistake, and a refusal is never repeated
  //   Retrying   repeats attempts and resumes reads
  //   Throttling where there is a limit: what is sent again counts again, waits are no failures
  //   Logging    so that each attempt is seen and not only the last
  //   Cancelling innermost: interrupts the store, so no layer between meets the interrupt
  //   store      the plug-in: translates verbs and errors, nothing else

  /**
   * The target as the engine uses it. Closing it closes the store.
   *
   * @param readOnly whether writing and deleting are {@code DENIED}
   */
  public static BackupTarget over(BackupTarget store, boolean readOnly, Cancellation cancellation) {
    return over(store, readOnly, OptionalLong.empty(), cancellation);
  }

  /**
   * The same with a limit.
   *
   * @param limit the most bytes a second, in both directions together
   */
  public static BackupTarget over(
      BackupTarget store, boolean readOnly, OptionalLong limit, Cancellation cancellation) {
    BackupTarget cancellable = new CancellableBackupTarget(store, cancellation);
    return over(cancellable, readOnly, limit, Backoff.DEFAULT, Waiter.until(cancellation));
  }

  /** The same with other pauses and without a cancellation. */
  public static BackupTarget over(
      BackupTarget store, boolean readOnly, Backoff backoff, Waiter waiter) {
    return over(store, readOnly, OptionalLong.empty(), backoff, waiter);
  }

  private static BackupTarget over(
      BackupTarget store, boolean readOnly, OptionalLong limit, Backoff backoff, Waiter waiter) {
    BackupTarget logging =
        new LoggingBackupTarget(store, LoggerFactory.getLogger(LoggingBackupTarget.class));
    BackupTarget limited =
        limit.isPresent() ? new ThrottlingBackupTarget(logging, limit.getAsLong()) : logging;
    BackupTarget retrying = new RetryingBackupTarget(limited, backoff, waiter);
    return readOnly ? new ReadOnlyBackupTarget(retrying) : retrying;
  }
}
