package dev.openmemory.backup.storage.s3.internal.settings;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a store is waited for. A request that it could not serve is tried again; the pauses
 * double from the first to the longest, each shortened at random.
 *
 * @param uploads attempts at a part or a whole object: no caller can repeat a part
 * @param others attempts at requests that the layers above repeat themselves
 * @param cleanup for each request that clears away after a failed write, all attempts together:
 *     after an interrupt the user waits; the next sweep removes what is left by then
 * @param told of each attempt that failed and is followed by another, for people; from any thread
 */
public record RetrySettings(
    int uploads,
    int others,
    Duration first,
    Duration longest,
    Duration cleanup,
    Consumer<String> told) {
  private static final Logger LOG = LoggerFactory.getLogger(RetrySettings.class);

  /** About a minute for uploads, as the layers above give to others. */
  public static final RetrySettings DEFAULT =
      new RetrySettings(
          9, 3, Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(10));

  /** Tells the log. */
  public RetrySettings(
      int uploads, int others, Duration first, Duration longest, Duration cleanup) {
    this(uploads, others, first, longest, cleanup, LOG::warn);
  }

  /** The pause after so many failures in a row, counted from 0. */
  public Duration pause(int failures) {
    Duration pause = first.multipliedBy(1L << Math.min(failures, 20));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
