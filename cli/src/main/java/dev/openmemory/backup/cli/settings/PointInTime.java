package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as a person types it: a date, a date with time, an instant of UTC, or an age. */
public final class PointInTime {
  private static final Pattern AGE = Pattern.compile("([0-9]{1,6})([mhdw])");

  private PointInTime() {}

  /**
   * Reads it.
   *
   * @param option that it was given to
   * @param clock for the zone of dates and for the present time
   * @throws BackupException of kind {@code INVALID}, naming the forms
   */
  public static Instant parse(String option, String text, Clock clock) throws BackupException {
    Matcher age = AGE.matcher(text);
    try {
      if (age.matches()) {
        return clock.instant().minus(unit(age.group(2)).multipliedBy(Long.parseLong(age.group(1))));
      }
      if (text.endsWith("Z")) {
        return Instant.parse(text);
      }
      LocalDateTime local =
          text.contains("T") ? LocalDateTime.parse(text) : LocalDate.parse(text).atStartOfDay();
      return local.atZone(clock.getZone()).toInstant();
    } catch (DateTimeException e) {
      throw Kind.INVALID.failure(
          "choose",
          "",
          option
              + " '"
              + text
              + "' is no time; known are 2026-01-31, 2026-01-31T14:30, 2026-01-31T14:30:00Z and"
              + " ages such as 90m, 12h, 30d, 8w",
          e);
    }
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }
}
