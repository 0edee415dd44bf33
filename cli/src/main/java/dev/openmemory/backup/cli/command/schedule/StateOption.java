package dev.openmemory.backup.cli.command.schedule;

import dev.openmemory.backup.cli.daemon.StateFile;
import dev.openmemory.backup.cli.settings.Session;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the daemon records how its runs ended. */
final class StateOption {
  @Option(
      names = {"--state", "--schedule-state"},
      paramLabel = "FILE",
      description =
          "Where the results of the runs are recorded (default:"
              + " <home>/.openmemory-backup/schedule.json).")
  @Nullable Path file;

  StateFile stateFile(Session session) {
    return StateFile.of(file, session.options().absoluteHome());
  }
}
