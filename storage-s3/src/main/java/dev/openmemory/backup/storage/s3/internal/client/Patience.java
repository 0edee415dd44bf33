package dev.openmemory.backup.storage.s3.internal.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long a store may be silent. Behind a slow line with deep buffers a part is on its way for
 * minutes after its last byte was taken, and nothing tells that from a store that hangs. So each
 * request that ended for silence after bytes of it were taken doubles the time for all that follow.
 * Thread-safe.
 */
final class Patience {
  /** A part of 8 MiB beside three others takes 9 minutes at 64 KiB/s. */
  static final Duration LONGEST = Duration.ofMinutes(16);

  private final AtomicReference<Duration> now;

  Patience(Duration first) {
    this.now = new AtomicReference<>(first);
  }

  Duration now() {
    return now.get();
  }

  /** So long was not enough. Parts that travel together and end together count once. */
  void wasTooShort(Duration given) {
    Duration next = shorter(given.multipliedBy(2), LONGEST);
    now.accumulateAndGet(next, (a, b) -> a.compareTo(b) > 0 ? a : b);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
