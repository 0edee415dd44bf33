package dev.openmemory.backup.internal.retention;

import dev.openmemory.backup.prune.RetentionPolicy.Interval;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Names of the periods that an instant is in: two instants of one period have one name. */
final class Periods {
  /** With its offset: when clocks are turned back, an hour comes twice. */
  private static final DateTimeFormatter HOUR = format("uuuu-MM-dd HH'h' xxx");

  private static final DateTimeFormatter DAY = format("uuuu-MM-dd");
  private static final DateTimeFormatter MONTH = format("uuuu-MM");
  private static final DateTimeFormatter YEAR = format("uuuu");

  private Periods() {}

  static String name(Interval interval, Instant instant, ZoneId zone) {
    ZonedDateTime time = instant.atZone(zone);
    return switch (interval) {
      case HOUR -> "hourly " + HOUR.format(time);
      case DAY -> "daily " + DAY.format(time);
      case WEEK -> "weekly " + week(time);
      case MONTH -> "monthly " + MONTH.format(time);
      case YEAR -> "yearly " + YEAR.format(time);
    };
  }

  private static String week(ZonedDateTime time) {
    return String.format(
        Locale.ROOT,
        "%d-W%02d",
        time.get(IsoFields.WEEK_BASED_YEAR),
        time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
  }
}
