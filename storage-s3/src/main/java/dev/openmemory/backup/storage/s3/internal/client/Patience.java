package dev.openmemory.backup.storage.s3.internal.client;

import java.time.Duration;

/**
 * How long a store may be silent. Behind a slow line with deep buffers a part is on its way for
 * minutes after its last byte was taken, and nothing tells that from a store that hangs. So each
 * request that ended for silence after bytes of it were taken doubles the time for all that follow.
 * Thread-safe.
 */
final class Patience {
  /** A part of 8 MiB beside three others takes 9 minutes at 64 KiB/s. */
  static final Duration LONGEST = Duration.ofMinutes(16);

  private Duration now;

  Patience(Duration first) {
    this.now = first;
  }

  synchronized Duration now() {
    return now;
  }

  /** So long was not enough. Parts that travel together and end together count once. */
  synchronized void wasTooShort(Duration given) {
    Duration twice = given.multipliedBy(2);
    Duration next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    if (next.compareTo(now) > 0) {
      now = next;
    }
  }
}
