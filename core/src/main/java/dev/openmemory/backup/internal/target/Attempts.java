package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The failed attempts at one thing, and the one place that decides whether to try again. */
final class Attempts {
  private final Backoff backoff;
  private final Waiter waiter;
  private final FirstContact contact;
  private final List<IOException> failures = new ArrayList<>();

  Attempts(Backoff backoff, Waiter waiter, FirstContact contact) {
    this.backoff = backoff;
    this.waiter = waiter;
    this.contact = contact;
  }

  /** What failed before no longer counts. */
  void progressed() {
    failures.clear();
  }

  /**
   * Returns after a pause when the thing is worth another attempt.
   *
   * @param repeatable whether it can be tried again at all
   * @throws IOException the failure, with the earlier ones suppressed, when it is not; a {@code
   *     CANCELLED} one when the pause is interrupted
   */
  void failed(IOException failure, boolean repeatable) throws IOException {
    boolean last = failures.size() + 1 >= contact.attempts(failure, backoff.attempts());
    if (!isTransient(failure) || !repeatable || last || Thread.currentThread().isInterrupted()) {
      throw withEarlier(failure);
    }
    failures.add(failure);
    try {
      waiter.await(backoff.pause(failures.size(), ThreadLocalRandom.current().nextDouble()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      BackupException broken = (BackupException) failure;
      throw withEarlier(
          Kind.CANCELLED.failure(
              broken.operation(), broken.location(), "interrupted while waiting to try again", e));
    }
  }

  private static boolean isTransient(IOException failure) {
    return failure instanceof BackupException ours && ours.kind().isTransient();
  }

  private IOException withEarlier(IOException failure) {
    for (IOException earlier : failures) {
      // A content may throw the same exception each time, which cannot suppress itself.
      if (earlier != failure) {
        failure.addSuppressed(earlier);
      }
    }
    return failure;
  }
}
