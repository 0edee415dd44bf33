package dev.openmemory.backup.storage.s3;

import java.time.Duration;

/**
 * How a request is tried again that the store could not serve. The pauses double from the first to
 * the longest, each shortened at random.
 *
 * @param uploads attempts at a part or a whole object: nobody above can repeat a part
 * @param others attempts at requests that the layers above repeat themselves
 */
record Patience(int uploads, int others, Duration first, Duration longest) {
  /** About a minute for uploads, as the layers above give to others. */
  static final Patience DEFAULT =
      new Patience(9, 3, Duration.ofMillis(500), Duration.ofSeconds(20));
}
