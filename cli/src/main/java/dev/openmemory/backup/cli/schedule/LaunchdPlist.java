package dev.openmemory.backup.cli.schedule;

import java.time.LocalTime;
import java.util.Random;
import java.util.stream.Collectors;

/** A property list for launchd of macOS. */
public final class LaunchdPlist {
  private LaunchdPlist() {}

  /** The text with its comment, without a line end at its end. */
  public static String text(ScheduledCommand scheduled, Times times, Random random) {
    String command =
        scheduled.command().stream()
            .map(argument -> "    " + string(argument) + "\n")
            .collect(Collectors.joining());
    String environment =
        scheduled.variables().stream()
            .map(v -> "    " + key(v.getKey()) + string(v.getValue()) + "\n")
            .collect(Collectors.joining());
    String log = string(scheduled.home() + "/openmemory-backup.log");
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <!-- Save as ~/Library/LaunchAgents/dev.openmemory.backup.plist, then:
               launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/dev.openmemory.backup.plist
             A run that was missed while the machine slept is made up for; not one while it was switched off.
             Keys belong in files that settings name, not in here. -->
        <plist version="1.0">
        <dict>
          <key>Label</key><string>dev.openmemory.backup</string>
          <key>ProgramArguments</key>
          <array>
        """
        + command
        + "  </array>\n  <key>EnvironmentVariables</key>\n  <dict>\n"
        + environment
        + "  </dict>\n  <key>StartCalendarInterval</key>\n  <dict>\n"
        + calendar(times.drawn(random))
        + "  </dict>\n  <key>StandardOutPath</key>"
        + log
        + "\n  <key>StandardErrorPath</key>"
        + log
        + "\n</dict>\n</plist>";
  }

  private static String calendar(Times times) {
    LocalTime at = times.at();
    String minute = number("Minute", at.getMinute());
    String time = number("Hour", at.getHour()) + minute;
    return switch (times.every()) {
      case HOURLY -> minute;
      case DAILY -> time;
      case WEEKLY -> number("Weekday", 0) + time;
      case MONTHLY -> number("Day", 1) + time;
    };
  }

  private static String number(String name, int value) {
    return "    " + key(name) + "<integer>" + value + "</integer>\n";
  }

  private static String key(String name) {
    return "<key>" + escaped(name) + "</key>";
  }

  private static String string(String text) {
    return "<string>" + escaped(text) + "</string>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
