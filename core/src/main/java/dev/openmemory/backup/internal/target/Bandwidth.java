package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * So many bytes a second for all streams that share it, and after a pause an eighth of a second's
 * worth at once. Thread-safe.
 */
final class Bandwidth {
  private static final int BURSTS_A_SECOND = 8;
  private static final int LARGEST_PIECE = 64 * 1024;

  private final long bytesPerSecond;
  private final Waiter waiter;
  private final LongSupplier nanoClock;
  private long paidUntilNanos;

  Bandwidth(long bytesPerSecond, Waiter waiter, LongSupplier nanoClock) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("bytes per second: " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.waiter = waiter;
    this.nanoClock = nanoClock;
    this.paidUntilNanos = nanoClock.getAsLong();
  }

  /** The most to take at once, so that no wait is long and a run that is to end does so soon. */
  int piece() {
    return (int) Math.max(1, Math.min(LARGEST_PIECE, bytesPerSecond / BURSTS_A_SECOND));
  }

  /** Returns when so many bytes may pass. */
  void take(int bytes) throws InterruptedException, BackupException {
    Duration wait = book(bytes);
    if (!wait.isZero()) {
      waiter.await(wait);
    }
  }

  /** Each caller waits for the ones before it, outside of the lock. */
  private synchronized Duration book(int bytes) {
    long now = nanoClock.getAsLong();
    long burst = Duration.ofSeconds(1).toNanos() / BURSTS_A_SECOND;
    // Clocks of this kind may run over, so only differences count.
    if (now - paidUntilNanos > burst) {
      paidUntilNanos = now - burst;
    }
    paidUntilNanos += Math.round(bytes * 1e9 / bytesPerSecond);
    return Duration.ofNanos(Math.max(0, paidUntilNanos - now));
  }
}
