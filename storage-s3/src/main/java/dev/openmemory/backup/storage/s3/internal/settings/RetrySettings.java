package dev.openmemory.backup.storage.s3.internal.settings;

import java.time.Duration;

/**
 * How long a store is waited for. A request that it could not serve is tried again; the pauses
 * double from the first to the longest, each shortened at random.
 *
 * @param uploads attempts at a part or a whole object: no caller can repeat a part
 * @param others attempts at requests that the layers above repeat themselves
 * @param cleanup for each request that clears away after a failed write, all attempts together:
 *     after an interrupt the user waits; the next sweep removes what is left by then
 */
public record RetrySettings(
    int uploads, int others, Duration first, Duration longest, Duration cleanup) {
  /** About a minute for uploads, as the layers above give to others. */
  public static final RetrySettings DEFAULT =
      new RetrySettings(
          9, 3, Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(10));

  /** The pause after so many failures in a row, counted from 0. */
  public Duration pause(int failures) {
    Duration pause = first.multipliedBy(1L << Math.min(failures, 20));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
