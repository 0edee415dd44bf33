package dev.openmemory.backup.cli.command.schedule;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.daemon.Plan;
import dev.openmemory.backup.cli.output.DurationText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When the daemon makes backups. */
final class ScheduleOptions {
  @Option(
      names = {"--cron", "--schedule"},
      paramLabel = "EXPR",
      description =
          "When to back up: the five fields of cron, such as \"0 2 * * *\", or hourly, daily,"
              + " weekly or monthly. Required, here or as 'schedule' in the settings.")
  @Nullable String expression;

  @Option(
      names = {"--jitter", "--schedule-jitter"},
      paramLabel = "DURATION",
      description = "Begin each backup up to this much later: 90s, 30m, 2h.")
  String jitter = "0s";

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description =
          "The time zone of the schedule and of the days of --keep-daily and the like, such as"
              + " Europe/Berlin (default: this host's time zone).")
  @Nullable String zone;

  /**
   * The plan that these options describe.
   *
   * @param ofHost the zone when none is given
   * @throws BackupException of kind {@code INVALID} when one of them has no meaning
   */
  Plan plan(ZoneId ofHost, long seed) throws BackupException {
    if (expression == null) {
      throw invalid("--cron or the setting 'schedule' has to say when to back up", null);
    }
    Duration most =
        DurationText.parse(jitter)
            .orElseThrow(
                () -> invalid("the jitter '" + jitter + "' is not like 90s, 30m or 2h", null));
    return Plan.of(expression, zone(ofHost), most, seed);
  }

  private ZoneId zone(ZoneId ofHost) throws BackupException {
    try {
      return zone == null ? ofHost : ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw invalid("'" + zone + "' is no time zone such as Europe/Berlin", e);
    }
  }

  private static BackupException invalid(String fact, @Nullable Exception cause) {
    return Kind.INVALID.failure("schedule", "", fact, cause);
  }
}
