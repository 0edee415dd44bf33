package dev.openmemory.backup.cli.command.undo;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.SetAsideText;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.CleanupRequest;
import dev.openmemory.backup.undo.SetAside;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "cleanup",
    description = {
      "Delete the previous data that restores and changes of memories have saved.",
      "After that the last of them cannot be undone, unless --keep-last is given."
    })
public final class CleanupCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  @Option(
      names = "--keep-last",
      description = "Keep what 'undo' would put back, and the newest file for 'memories undo'.")
  boolean keepLast;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(names = "--dry-run", description = "Show what would be deleted, and delete nothing.")
  boolean dryRun;

  public CleanupCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          Installation installation = new PresentInstallation(session, parts).find("cleanup");
          CleanupRequest request = new CleanupRequest(keepLast, dryRun);
          CleanupReport plan = backups.cleanUp(installation, request.asDryRun());
          if (dryRun || plan.removed().isEmpty()) {
            session.terminal().result(session.renderer().cleaned(plan));
            return ExitCodes.OK;
          }
          session.confirm(yes, "cleanup", question(plan.removed()));
          CleanupReport report = backups.cleanUp(installation, request);
          session.terminal().result(session.renderer().cleaned(report));
          return ExitCodes.OK;
        });
  }

  private String question(List<SetAside> removed) {
    boolean restore = removed.stream().anyMatch(each -> each.last() && !each.isOfMemories());
    boolean memories = removed.stream().anyMatch(each -> each.last() && each.isOfMemories());
    return "This previous data will be deleted:\n"
        + String.join("\n", SetAsideText.lines(removed, session.host().clock().getZone(), "  "))
        + (restore ? "\nAfter that the last restore cannot be undone." : "")
        + (memories ? "\nAfter that the last change of memories cannot be undone." : "");
  }
}
