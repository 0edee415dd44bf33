package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.prune.RetentionPolicy.Interval;
import java.time.DateTimeException;
import java.time.Period;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which backups are kept, for the commands that remove others. */
public final class RetentionOptions {
  @Option(
      names = "--keep-last",
      paramLabel = "N",
      description = "Keep the newest N backups of an installation.")
  int last;

  @Option(
      names = "--keep-hourly",
      paramLabel = "N",
      description = "Keep the newest backup of each of the last N hours that have one.")
  int hourly;

  @Option(
      names = "--keep-daily",
      paramLabel = "N",
      description = "Keep the newest backup of each of the last N days that have one.")
  int daily;

  @Option(
      names = "--keep-weekly",
      paramLabel = "N",
      description =
          "Keep the newest backup of each of the last N weeks (from Monday) that have one.")
  int weekly;

  @Option(
      names = "--keep-monthly",
      paramLabel = "N",
      description = "Keep the newest backup of each of the last N months that have one.")
  int monthly;

  @Option(
      names = "--keep-yearly",
      paramLabel = "N",
      description = "Keep the newest backup of each of the last N years that have one.")
  int yearly;

  @Option(
      names = "--keep-within",
      paramLabel = "PERIOD",
      description =
          "Keep everything made within this period before the newest backup, for"
              + " example 30d or 1y6m.")
  @Nullable String within;

  @Option(
      names = "--keep-tag",
      paramLabel = "TAG",
      split = ",",
      description = "Keep backups made with this --tag. Repeatable.")
  Set<String> tags = new LinkedHashSet<>();

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description =
          "The time zone of days, weeks, months and years, such as Europe/Berlin"
              + " (default: this host's time zone).")
  @Nullable String zone;

  /**
   * The policy; empty when none of the options is given.
   *
   * @param ofHost the zone when none is given
   */
  RetentionPolicy policy(ZoneId ofHost) throws BackupException {
    RetentionPolicy policy;
    try {
      policy =
          RetentionPolicy.in(zone == null ? ofHost : ZoneId.of(zone))
              .keepLast(last)
              .keep(Interval.HOUR, hourly)
              .keep(Interval.DAY, daily)
              .keep(Interval.WEEK, weekly)
              .keep(Interval.MONTH, monthly)
              .keep(Interval.YEAR, yearly)
              .keepTags(tags);
    } catch (DateTimeException e) {
      throw invalid("'" + zone + "' is no time zone such as Europe/Berlin", e);
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()), e);
    }
    return within == null ? policy : policy.keepWithin(period(within));
  }

  private static Period period(String text) throws BackupException {
    try {
      Period period = Period.parse("P" + text);
      if (!period.isNegative()) {
        return period;
      }
    } catch (DateTimeException e) {
      throw invalid("'" + text + "' is no period such as 30d, 8w, 6m or 1y", e);
    }
    throw invalid("'" + text + "' is negative", null);
  }

  private static BackupException invalid(String fact, @Nullable Exception cause) {
    return Kind.INVALID.failure("retention", "", fact, cause);
  }
}
