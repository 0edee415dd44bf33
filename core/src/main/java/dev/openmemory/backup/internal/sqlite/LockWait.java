package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Tries again while another process has the lock of a database.
 *
 * @param patience how long to wait for it
 */
public record LockWait(Duration patience, Cancellation cancellation) {
  private static final long POLL_MILLIS = 5;

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
    long start = System.nanoTime();
    while (true) {
      cancellation.check();
      try {
        step.run();
        return;
      } catch (SQLException e) {
        if (!SqliteFailure.isBusy(e)) {
          throw e;
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
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
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancellation.check();
    }
  }
}
