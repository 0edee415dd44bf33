package dev.openmemory.backup.cli.command.undo;

import dev.openmemory.backup.BackupListener;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.cli.output.StoppedText;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.undo.UndoReport;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "undo",
    description = {
      "Undo the last restore: put back the data that it replaced.",
      "The current data is saved first. Another undo brings it back."
    })
public final class UndoCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(names = "--dry-run", description = "Check everything, but change nothing.")
  boolean dryRun;

  public UndoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          Installation home = Installation.at(session.options().absoluteHome());
          backups.recover(home).forEach(session.terminal()::note);
          Installation installation = new PresentInstallation(session, parts).find("undo");
          if (!dryRun && !yes) {
            confirm(backups, installation);
          } else if (!dryRun) {
            StoppedText.tell(installation, Set.of(), false, session.terminal()::note);
          }
          UndoRequest request = new UndoRequest(dryRun);
          UndoReport report = backups.undo(installation, request);
          session.terminal().result(session.renderer().undone(report));
          return session.exitCode(report.warnings());
        });
  }

  /** What cannot be undone is refused before the question. */
  private void confirm(Backups backups, Installation installation) throws IOException {
    UndoReport plan =
        backups
            .withListener(BackupListener.NONE)
            .undo(installation, UndoRequest.STANDARD.asDryRun());
    session.confirm(false, "undo", question(plan, installation));
  }

  private String question(UndoReport plan, Installation installation) {
    ZoneId zone = session.host().clock().getZone();
    Table places = new Table();
    plan.places().forEach(places::row);
    String backup = plan.backup() + " (" + Units.dateTime(plan.created(), zone) + ")";
    String setAside = Units.dateTime(plan.setAside(), zone);
    return (plan.again()
            ? "The restore of backup " + backup + " was undone at " + setAside + ".\nIts data"
            : "Backup " + backup + " was restored at " + setAside + ".\nThe data from before")
        + " will replace\n"
        + String.join("\n", places.lines("  "))
        + "\n"
        + StoppedText.of(installation, plan.places().keySet(), false)
        + "What is there now will be kept.";
  }
}
