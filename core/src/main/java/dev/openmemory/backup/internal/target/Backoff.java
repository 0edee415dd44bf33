package dev.openmemory.backup.internal.target;

import java.time.Duration;

/**
 * How often and after which pauses something is tried again: each pause is twice as long as the one
 * before, up to the longest, and between half and all of it is waited, so that many clients of a
 * store that comes back do not all return at the same moment.
 *
 * @param attempts in all, at least one; attempts that got further are not counted against it
 * @param first pause
 * @param longest pause
 */
public record Backoff(int attempts, Duration first, Duration longest) {
  /** Gives a store about a minute to come back: pauses of at most 0.5, 1, 2, 4, 8, 16, 30 s. */
  public static final Backoff DEFAULT =
      new Backoff(8, Duration.ofMillis(500), Duration.ofSeconds(30));

  /** Checks that there is an attempt. */
  public Backoff {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: " + attempts);
    }
  }

  /**
   * The pause after so many failures in a row.
   *
   * @param random from 0 to 1
   */
  Duration pause(int failures, double random) {
    Duration full = first;
    for (int i = 1; i < failures && full.compareTo(longest) < 0; i++) {
      full = full.multipliedBy(2);
    }
    long most = Math.min(full.toMillis(), longest.toMillis());
    return Duration.ofMillis(Math.round(most * (0.5 + random / 2)));
  }
}
