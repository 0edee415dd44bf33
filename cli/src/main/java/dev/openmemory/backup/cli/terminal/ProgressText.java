package dev.openmemory.backup.cli.terminal;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.cli.output.Units;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** The words and the bar of {@link Progress}. */
final class ProgressText {
  private static final int BAR_CELLS = 8;

  /** A line that wraps cannot be redrawn; 79 columns are on every terminal. */
  private static final int MAX_COLUMNS = 79;

  private static final String INDENT = "  ";

  private ProgressText() {}

  static String phase(Phase phase, String subject) {
    String what =
        switch (phase) {
          case PREFLIGHT -> "Checking";
          case HOLD -> "Pausing";
          case CAPTURE -> "Capturing";
          case SPOOL -> "Copying aside";
          case PUBLISH -> "Storing";
          case RESUME -> "Resuming";
          case COPY -> "Sending";
          case VERIFY -> "Verifying";
          case CROSS_CHECK, COMPARE -> "Comparing";
          case PREPARE -> "Fetching and checking";
          case EXPORT -> "Exporting";
          case APPLY -> "Putting in place";
          case BOOT -> "Opening the restored";
          case CONFIRM -> "Looking at";
          case COMMIT -> "Finishing";
          case ROLLBACK -> "Putting back";
          case PRUNE -> "Pruning";
        };
    return what + " " + subject;
  }

  static String done(String file, long bytes, Duration took) {
    return file + "  " + Units.size(bytes) + "  " + Units.elapsed(took);
  }

  /** {@code name [##......] 25% of 320.0 MiB 120.0 MiB/s ETA 0:02}. */
  static String bar(String file, long bytes, OptionalLong size, Duration elapsed) {
    double seconds = Math.max(elapsed.toNanos() / 1e9, 1e-3);
    String state = state(bytes, size, bytes / seconds);
    int room = MAX_COLUMNS - INDENT.length() - 1 - state.length();
    String name = file.length() <= room ? file : file.substring(0, room);
    return INDENT + name + ' ' + state;
  }

  private static String state(long bytes, OptionalLong size, double perSecond) {
    String rate = Units.size((long) perSecond) + "/s";
    if (size.isEmpty() || size.getAsLong() == 0 || bytes == 0) {
      return Units.size(bytes) + ' ' + rate;
    }
    double part = Math.min(1, (double) bytes / size.getAsLong());
    int cells = (int) (part * BAR_CELLS);
    long left = Math.max(0, size.getAsLong() - bytes);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d%% of %s %s ETA %s",
        "#".repeat(cells),
        ".".repeat(BAR_CELLS - cells),
        (int) (part * 100),
        Units.size(size.getAsLong()),
        rate,
        Units.clock((long) Math.ceil(left / perSecond)));
  }
}
