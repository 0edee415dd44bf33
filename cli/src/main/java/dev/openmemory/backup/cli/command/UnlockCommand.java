package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.LockInfo;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.LockText;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "unlock",
    description = "Remove the locks of runs that have ended, and show the locks of active runs.")
final class UnlockCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--force",
      description = "Also remove locks of runs that may still be active. Asks for confirmation.")
  boolean force;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  UnlockCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          List<LockInfo> live = backups.locks().stream().filter(LockInfo::live).toList();
          if (force && !live.isEmpty()) {
            session.confirm(
                yes,
                "unlock",
                "These runs may still be active in "
                    + TextRenderer.place(location)
                    + ", and will fail without their lock:\n  "
                    + String.join("\n  ", live.stream().map(LockText::line).toList()));
          }
          List<LockInfo> removed = backups.unlock(force);
          session.terminal().result(session.renderer().unlocked(removed, backups.locks()));
          return ExitCodes.OK;
        });
  }
}
