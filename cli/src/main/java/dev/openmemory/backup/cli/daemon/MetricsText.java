package dev.openmemory.backup.cli.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** A {@link State} in the text format of Prometheus. */
final class MetricsText {
  private static final String PREFIX = "openmemory_backup_schedule_";

  private final StringBuilder text = new StringBuilder();

  private MetricsText() {}

  /** All that is known; what there is not yet has no line. */
  static String of(State state) {
    MetricsText metrics = new MetricsText();
    metrics.add(
        "run_active", "Whether a backup is being made.", state.active().isPresent() ? 1 : 0);
    metrics.add(
        "failures_in_a_row",
        "Runs without a backup since the last one.",
        (double) state.failures());
    state
        .lastSuccess()
        .ifPresent(
            time ->
                metrics.add(
                    "last_success_timestamp_seconds",
                    "When the last run began that made a backup.",
                    seconds(time)));
    state
        .next()
        .ifPresent(
            time ->
                metrics.add(
                    "next_run_timestamp_seconds", "When the next run begins.", seconds(time)));
    state.last().ifPresent(metrics::addLast);
    return metrics.text.toString();
  }

  private void addLast(RunRecord run) {
    add("last_run_timestamp_seconds", "When the last run began.", seconds(run.started()));
    add(
        "last_run_duration_seconds",
        "How long the last run took.",
        Duration.between(run.started(), run.ended()).toMillis() / 1000.0);
    add(
        "last_run_exit_code",
        "The exit code of the last run: 0 and 3 made a backup.",
        run.exitCode());
  }

  private static double seconds(Instant time) {
    return (double) time.getEpochSecond();
  }

  private void add(String name, String help, double value) {
    text.append("# HELP ").append(PREFIX).append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(PREFIX).append(name).append(" gauge\n");
    text.append(PREFIX).append(name).append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
