package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.output.DurationText;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits for another run on the same backups. */
public final class LockOptions {
  @Option(
      names = "--lock-timeout",
      paramLabel = "TIME",
      description =
          "How long to wait for another run that works on the same backups, such as 30s, 10m or"
              + " 1h (default: 10m).")
  public String timeout = "10m";

  public Duration timeout() throws BackupException {
    return DurationText.parse(timeout)
        .orElseThrow(
            () ->
                Kind.INVALID.failure(
                    "lock time-out", "", "'" + timeout + "' is no time such as 30s, 10m or 1h"));
  }
}
