package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.Backups;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.TrialOptions;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "drill",
    description =
        "Test that a backup can be restored, with a temporary folder and a temporary Qdrant.")
final class DrillCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The backup (default: latest).")
  @Nullable String name;

  @Mixin private TrialOptions openers = new TrialOptions();

  DrillCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    DrillRequest request = openers.request(session, "drill");
    return session.withBackups((backups, location) -> drill(backups, location, request));
  }

  private int drill(Backups backups, String location, DrillRequest request) throws IOException {
    DrillReport report =
        backups.drill(
            session.find(backups, location, name == null ? Session.LATEST : name).name(), request);
    session.terminal().result(session.renderer().drilled(report));
    return switch (report.outcome()) {
      case FAILED -> ExitCodes.VERIFICATION_FAILED;
      case PARTLY -> ExitCodes.WARNINGS;
      case PROVEN -> session.exitCode(report.warnings());
    };
  }
}
