package dev.openmemory.backup.cli.schedule;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Locale;
import java.util.Random;

/**
 * When a backup runs, in the time zone of this host.
 *
 * @param at of an hourly one only the minute counts
 * @param jitter up to which a run may begin later, so that many hosts do not begin at once; whole
 *     seconds
 */
public record Times(Every every, LocalTime at, Duration jitter) {
  private static final long MINUTES_OF_HOUR = 60;

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException when the latest begin is in the next hour or day
   */
  public Times {
    long end =
        every == Every.HOURLY
            ? Duration.ofMinutes(at.getMinute()).plus(jitter).toHours()
            : Duration.ofSeconds(at.toSecondOfDay()).plus(jitter).toDays();
    if (end > 0) {
      throw new IllegalArgumentException(
          every == Every.HOURLY
              ? "the jitter goes beyond the hour"
              : "the jitter goes beyond midnight");
    }
  }

  /** One time out of the jitter, for programs that know of none. */
  Times drawn(Random random) {
    int minutes = (int) jitter.toMinutes();
    LocalTime shifted = minutes == 0 ? at : at.plusMinutes(random.nextInt(minutes + 1));
    return new Times(every, shifted, Duration.ZERO);
  }

  /** The five fields of cron. */
  String cron() {
    return at.getMinute()
        + switch (every) {
          case HOURLY -> " * * * *";
          case DAILY -> " " + at.getHour() + " * * *";
          case WEEKLY -> " " + at.getHour() + " * * 0";
          case MONTHLY -> " " + at.getHour() + " 1 * *";
        };
  }

  /** As systemd has it. */
  String calendar() {
    String minute = String.format(Locale.ROOT, "%02d", at.getMinute());
    String time = String.format(Locale.ROOT, "%02d", at.getHour()) + ":" + minute + ":00";
    return switch (every) {
      case HOURLY -> "*-*-* *:" + minute + ":00";
      case DAILY -> "*-*-* " + time;
      case WEEKLY -> "Sun *-*-* " + time;
      case MONTHLY -> "*-*-01 " + time;
    };
  }

  /** How late a missed run may still begin. */
  long deadlineSeconds() {
    return every == Every.HOURLY ? MINUTES_OF_HOUR * 30 : MINUTES_OF_HOUR * 60 * 6;
  }

  /** For comments. */
  String sentence() {
    return switch (every) {
      case HOURLY -> "every hour";
      case DAILY -> "every day";
      case WEEKLY -> "every Sunday";
      case MONTHLY -> "on the first of every month";
    };
  }
}
