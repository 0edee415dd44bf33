package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.LockInfo;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.LockText;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "unlock",
    description = {
      "Remove the locks of runs that have ended, and show the locks of active runs.",
      "With --restore: end a restore that could not be rolled back."
    })
final class UnlockCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--force",
      description = "Also remove locks of runs that may still be active. Asks for confirmation.")
  boolean force;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Option(
      names = "--restore",
      paramLabel = "HOW",
      description =
          "End a restore that could not be rolled back: repaired (you have put the data in order; it is"
              + " left as it is) or retry (try the rollback again, also over a repair). Asks for"
              + " confirmation.")
  @Nullable AfterRestore restore;

  /** How a restore that could not be rolled back ends. */
  enum AfterRestore {
    REPAIRED(
        "This ends the unfinished restore and starts OpenMemory on the data as it is now. It is not"
            + " rolled back any more."),
    RETRY(
        "This puts the data from before the unfinished restore back, also in the place of a repair"
            + " by hand.");

    private final String question;

    AfterRestore(String question) {
      this.question = question;
    }
  }

  UnlockCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          if (restore != null) {
            session.confirm(yes, "unlock", restore.question);
            Installation home = Installation.at(session.options().absoluteHome());
            List<String> done =
                restore == AfterRestore.RETRY
                    ? backups.retryRecovery(home)
                    : backups.acceptRepair(home);
            session.terminal().result(session.renderer().recovered(done));
            return ExitCodes.OK;
          }
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
