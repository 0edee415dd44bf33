package dev.openmemory.backup.cli.daemon;

import dev.openmemory.backup.BackupException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.SplittableRandom;

/**
 * When backups run.
 *
 * @param jitter up to which a run begins later
 * @param seed of the delays, so that a time has the same one whenever it is asked for
 */
public record Plan(CronTimes times, Duration jitter, long seed) {
  /**
   * A plan.
   *
   * @throws BackupException of kind {@code INVALID} when the expression has no meaning
   */
  public static Plan of(String expression, ZoneId zone, Duration jitter, long seed)
      throws BackupException {
    return new Plan(CronTimes.of(expression, zone), jitter, seed);
  }

  /** When the first run after that time begins. */
  Instant next(Instant after) {
    Instant time = times.next(after);
    return jitter.isZero()
        ? time
        : time.plusSeconds(
            new SplittableRandom(seed ^ time.getEpochSecond()).nextLong(jitter.toSeconds() + 1));
  }
}
