package dev.openmemory.backup.cli.command.target;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.targetcheck.TargetCheckReport;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Verdict;
import dev.openmemory.backup.targetcheck.TargetCheckRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Groups the commands about targets; without one of them it is no command. */
@Command(
    name = "target",
    description = "Check whether a place is fit for backups.",
    synopsisSubcommandLabel = "COMMAND")
public final class TargetCommand {
  private TargetCommand() {}

  public static CommandLine commandLine(Session session) {
    return new CommandLine(new TargetCommand()).addSubcommand(new Check(session));
  }

  /** {@code target check}. */
  @Command(
      name = "check",
      description = {
        "Find out by trying what the target can be used for.",
        "Writes small test objects and a large one below a new name, and removes all of them.",
        "Exit code 3 means that there are limits, 5 that it cannot be used."
      })
  static final class Check implements Callable<Integer> {
    private final Session session;

    @Parameters(
        arity = "0..1",
        paramLabel = "URI",
        description = "The target: a directory or a URI (default: that of --target).")
    @Nullable String location;

    @Option(
        names = "--size",
        paramLabel = "SIZE",
        description =
            "The size of the largest test object, which is sent twice and read once: 500KiB, 64MiB"
                + " (default: 9MiB).")
    @Nullable String size;

    Check(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws IOException {
      TargetCheckRequest request = request();
      String chosen = location == null ? session.options().targetLocation() : location;
      return session.withTargets(
          List.of(chosen),
          targets -> {
            TargetCheckReport report = targets.get(0).backups().checkTarget(request);
            session.terminal().result(session.renderer().targetChecked(report));
            return exitCode(report.verdict());
          });
    }

    private TargetCheckRequest request() throws BackupException {
      if (size == null) {
        return TargetCheckRequest.STANDARD;
      }
      long bytes = new ProviderOptions("target check", Map.of("size", size)).size("size", 0);
      if (bytes < 1) {
        throw Kind.INVALID.failure("options of target check", "", "'size' is nothing: " + size);
      }
      return TargetCheckRequest.STANDARD.withLargestObject(bytes);
    }

    private static int exitCode(Verdict verdict) {
      return switch (verdict) {
        case USABLE -> ExitCodes.OK;
        case LIMITED -> ExitCodes.WARNINGS;
        case UNUSABLE -> ExitCodes.VERIFICATION_FAILED;
      };
    }
  }
}
