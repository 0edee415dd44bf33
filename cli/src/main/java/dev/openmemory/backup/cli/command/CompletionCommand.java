package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.completion.Shell;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Print a script with which your shell completes commands and options.")
final class CompletionCommand implements Callable<Integer> {
  private final Session session;

  @SuppressWarnings("NullAway.Init") // picocli sets it.
  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  Shell shell;

  CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws BackupException {
    if (session.options().json) {
      throw Kind.UNSUPPORTED.failure("completion", "", "it prints a script, not JSON");
    }
    String script = shell.script(RootCommand.commandLine(session));
    session.terminal().result(script.stripTrailing());
    return ExitCodes.OK;
  }
}
