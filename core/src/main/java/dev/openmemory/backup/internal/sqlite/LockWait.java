package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tries again while another process has the lock of a database.
 *
 * @param patience how long to wait for it
 * @param waiter how time passes between two tries
 */
public record LockWait(
    Duration patience, Cancellation cancellation, Waiter waiter, LongSupplier nanoClock) {
  private static final Duration POLL = Duration.ofMillis(5);

  public LockWait(Duration patience, Cancellation cancellation) {
    this(patience, cancellation, Waiter.SLEEP, System::nanoTime);
  }

  /** What needs the lock. */
  public interface Step {
    /** Does it, or nothing. */
    void run() throws SQLException, IOException;
  }

  /**
   * Returns when the step was done.
   *
   * @param file the database, for messages
   * @throws BackupException of kind {@code LOCKED} after that time, {@code CANCELLED} before
   * @throws SQLException what the step fails with otherwise
   */
  public void run(String operation, String file, Step step) throws SQLException, IOException {
    long start = nanoClock.getAsLong();
    while (true) {
      cancellation.check();
      try {
        step.run();
        return;
      } catch (SQLException e) {
        if (!SqliteFailure.isBusy(e)) {
          throw e;
        }
        Duration waited = Duration.ofNanos(nanoClock.getAsLong() - start);
        if (waited.compareTo(patience) >= 0) {
          throw Kind.LOCKED.failure(
              operation, file, "another process held its lock for " + waited.toMillis() + " ms", e);
        }
        pause();
      }
    }
  }

  private void pause() throws BackupException {
    try {
      waiter.await(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancellation.check();
    }
  }
}
