package dev.openmemory.backup.cli.command.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.notify.Notifications;
import dev.openmemory.backup.cli.notify.TestReport;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.internal.json.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups the commands about notifications; without one of them it is no command. */
@Command(
    name = "notify",
    description = "Test whether notifications arrive.",
    synopsisSubcommandLabel = "COMMAND")
public final class NotifyCommand {
  private NotifyCommand() {}

  public static CommandLine commandLine(Session session) {
    return new CommandLine(new NotifyCommand()).addSubcommand(new Test(session));
  }

  /** {@code notify test}. */
  @Command(
      name = "test",
      description = {
        "Send a test message by each way that the settings name, and say what became of it.",
        "Exit code 1 if a service did not accept it. Look whether it arrived."
      })
  static final class Test implements Callable<Integer> {
    private final Session session;

    Test(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws BackupException {
      TestReport report = Notifications.of(session, session::setting).test();
      if (report.isEmpty()) {
        throw Kind.INVALID.failure("notify test", "", "No notifications are set up.");
      }
      session.host().cancellation().check();
      session
          .terminal()
          .result(session.options().json ? Json.line(report.document()) : report.text());
      return report.isGood() ? ExitCodes.OK : ExitCodes.FAILED;
    }
  }
}
