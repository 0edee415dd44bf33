package dev.openmemory.backup.internal.lock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Measures by two clocks, and believes the one by which more has passed: the monotonic one stands
 * still while the host sleeps, and the other one may be set back. Not thread-safe.
 */
final class Stopwatch {
  private final Clock clock;
  private final LongSupplier nanoClock;
  private Instant since;
  private long sinceNanos;

  private Stopwatch(Clock clock, LongSupplier nanoClock) {
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.since = clock.instant();
    this.sinceNanos = nanoClock.getAsLong();
  }

  static Stopwatch start(Clock clock, LongSupplier nanoClock) {
    return new Stopwatch(clock, nanoClock);
  }

  /** Another one, by the same clocks, from now on. */
  Stopwatch restarted() {
    return new Stopwatch(clock, nanoClock);
  }

  /** Goes on as the other one. */
  void setTo(Stopwatch other) {
    since = other.since;
    sinceNanos = other.sinceNanos;
  }

  Duration elapsed() {
    Duration counted = Duration.ofNanos(nanoClock.getAsLong() - sinceNanos);
    Duration shown = Duration.between(since, clock.instant());
    return shown.compareTo(counted) > 0 ? shown : counted;
  }
}
