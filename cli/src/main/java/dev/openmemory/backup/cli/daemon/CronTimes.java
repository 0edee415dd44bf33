package dev.openmemory.backup.cli.daemon;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The times of a cron expression in a time zone.
 *
 * <p>Where the clock is put forward or back, an expression for every hour follows the hours as they
 * pass. Any other has each of its times once: the first of two, and one that is left out is later
 * by as much as the clock is put forward.
 */
final class CronTimes {
  private static final Map<String, String> NAMED =
      Map.of(
          "hourly", "0 * * * *",
          "daily", "0 0 * * *",
          "midnight", "0 0 * * *",
          "weekly", "0 0 * * 0",
          "monthly", "0 0 1 * *",
          "yearly", "0 0 1 1 *",
          "annually", "0 0 1 1 *");

  private final String expression;
  private final ZoneId zone;
  private final ExecutionTime cron;
  private final boolean everyHour;

  private CronTimes(String expression, ZoneId zone, String fields) {
    this.expression = expression;
    this.zone = zone;
    this.cron =
        ExecutionTime.forCron(
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                .parse(fields));
    this.everyHour = fields.strip().split("\\s+", -1)[1].matches("\\*(/1)?");
  }

  /**
   * Reads an expression.
   *
   * @param expression five fields, or a name such as {@code @daily}, with or without the {@code @}
   * @throws BackupException of kind {@code INVALID} when it is none, or has no time at all
   */
  static CronTimes of(String expression, ZoneId zone) throws BackupException {
    String name = expression.strip().toLowerCase(Locale.ROOT).replaceFirst("^@", "");
    try {
      CronTimes times = new CronTimes(expression, zone, NAMED.getOrDefault(name, expression));
      if (times.cron.nextExecution(Instant.EPOCH.atZone(ZoneOffset.UTC)).isEmpty()) {
        throw invalid(expression, "has no time that ever comes", null);
      }
      return times;
    } catch (IllegalArgumentException e) {
      throw invalid(expression, "is no cron expression with five fields: " + e.getMessage(), e);
    }
  }

  private static BackupException invalid(
      String expression, String fact, @Nullable Exception cause) {
    return Kind.INVALID.failure("schedule", "", "'" + expression + "' " + fact, cause);
  }

  String expression() {
    return expression;
  }

  ZoneId zone() {
    return zone;
  }

  /** The first time after that one. */
  Instant next(Instant after) {
    return everyHour ? nextAsTimePasses(after) : nextOnTheClock(after);
  }

  private Instant nextAsTimePasses(Instant after) {
    ZoneOffset offset = zone.getRules().getOffset(after);
    LocalDateTime local = LocalDateTime.ofInstant(after, offset);
    ZoneOffsetTransition change = zone.getRules().nextTransition(after);
    Instant next = next(local).toInstant(offset);
    while (change != null && !next.isBefore(change.getInstant())) {
      next = next(change.getDateTimeAfter().minusNanos(1)).toInstant(change.getOffsetAfter());
      change = zone.getRules().nextTransition(change.getInstant());
    }
    return next;
  }

  private Instant nextOnTheClock(Instant after) {
    LocalDateTime local = start(after);
    Instant next;
    do {
      local = next(local);
      next = local.atZone(zone).toInstant();
    } while (!next.isAfter(after));
    return next;
  }

  /** Times that the clock has just left out are still to come. */
  private LocalDateTime start(Instant after) {
    ZoneOffsetTransition change = zone.getRules().previousTransition(after.plusNanos(1));
    return change != null
            && change.isGap()
            && after.isBefore(change.getInstant().plus(change.getDuration()))
        ? change.getDateTimeBefore().minusNanos(1)
        : LocalDateTime.ofInstant(after, zone);
  }

  private LocalDateTime next(LocalDateTime after) {
    return cron.nextExecution(after.atZone(ZoneOffset.UTC)).orElseThrow().toLocalDateTime();
  }
}
