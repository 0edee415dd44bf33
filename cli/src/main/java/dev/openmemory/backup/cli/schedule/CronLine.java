package dev.openmemory.backup.cli.schedule;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/** A line of a crontab. cron gives all of it to {@code sh}, and takes {@code %} for a line end. */
public final class CronLine {
  /** Of the command in bytes, a little less than what is usual among crons. */
  private static final int MOST = 990;

  private CronLine() {}

  /**
   * The text with its comments, without a line end at its end.
   *
   * @throws IllegalArgumentException when the command is longer than cron takes
   */
  public static String text(ScheduledCommand scheduled, Times times, Random random) {
    String variables =
        scheduled.variables().stream()
            .map(v -> v.getKey() + "=" + quoted(v.getValue()) + " ")
            .collect(Collectors.joining());
    String command =
        scheduled.command().stream().map(CronLine::quoted).collect(Collectors.joining(" "));
    String escaped = (variables + command).replace("%", "\\%");
    if (escaped.getBytes(StandardCharsets.UTF_8).length > MOST) {
      throw new IllegalArgumentException(
          "the line is too long for cron; put options in the settings file instead");
    }
    return String.format(
            Locale.ROOT,
            """
        # %s. Add this line with: crontab -e
        # cron makes up for nothing that it missed while the machine was off; anacron or a systemd timer does.
        # It mails what is printed, to MAILTO. Keys belong in files that settings name, not in this line.
        """,
            sentence(times))
        + times.drawn(random).cron()
        + " "
        + escaped;
  }

  private static String sentence(Times times) {
    String text = "Backs up OpenMemory " + times.sentence();
    return times.jitter().isZero() ? text : text + ", at a time drawn out of the jitter";
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9_/.:=,@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
