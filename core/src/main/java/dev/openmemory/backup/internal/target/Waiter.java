package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import java.time.Duration;

/** How to let time pass; {@link #SLEEP} or {@link #until} outside of tests. */
@FunctionalInterface
public interface Waiter {
  /** Blocks the thread. */
  Waiter SLEEP = duration -> Thread.sleep(duration.toMillis());

  /** The longest pause between attempts to undo something after the end was asked for. */
  Duration WHILE_ENDING = Duration.ofMillis(100);

  /** Blocks the thread until the end is asked for, and briefly after that. */
  static Waiter until(Cancellation cancellation) {
    return duration -> {
      if (cancellation.isRequested()) {
        SLEEP.await(duration.compareTo(WHILE_ENDING) < 0 ? duration : WHILE_ENDING);
      } else if (cancellation.await(duration)) {
        cancellation.check();
      }
    };
  }

  /**
   * Returns after the duration.
   *
   * @throws InterruptedException as soon as the thread is interrupted
   * @throws BackupException of kind {@code CANCELLED} as soon as the end is asked for
   */
  void await(Duration duration) throws InterruptedException, BackupException;
}
