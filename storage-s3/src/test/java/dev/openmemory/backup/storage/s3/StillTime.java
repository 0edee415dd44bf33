package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.internal.watch.CallWatch;
import java.time.Duration;

/**
 * Time that stands still for the clients that it watches. A store that falls silent lets an hour
 * pass at once, but not before the client has nothing left to do but to wait: however slow this
 * machine is, no other call times out.
 */
final class StillTime {
  private static final String WATCH = "test-watch";

  private long now;
  private long hoursDue;
  private long nanosDue;
  private boolean quiet;
  private boolean looked;

  CallWatch watch() {
    return new CallWatch(WATCH, this::nanoTime);
  }

  synchronized void passAnHour() {
    hoursDue = Math.max(hoursDue, 1);
  }

  synchronized void passAndPass() {
    hoursDue = Long.MAX_VALUE;
  }

  /** Returns when that time has passed for clients that wait, and they have noticed. */
  synchronized void pass(Duration time) throws InterruptedException {
    nanosDue += time.toNanos();
    looked = false;
    while (nanosDue > 0 || !looked) {
      wait();
    }
  }

  private synchronized long nanoTime() {
    if (!Thread.currentThread().getName().equals(WATCH)) {
      // A call begins or gets on.
      quiet = false;
      return now;
    }
    looked = nanosDue == 0;
    if (quiet && hoursDue > 0) {
      now += Duration.ofHours(1).toNanos();
      hoursDue--;
    } else if (quiet) {
      now += nanosDue;
      nanosDue = 0;
    } else {
      quiet = true;
    }
    notifyAll();
    return now;
  }
}
