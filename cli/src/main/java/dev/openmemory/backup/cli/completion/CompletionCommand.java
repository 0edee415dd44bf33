package dev.openmemory.backup.cli.completion;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints the script of a shell. */
@Command(
    name = "completion",
    description = "Print a script with which your shell completes commands and options.")
public final class CompletionCommand implements Callable<Integer> {
  private final Session session;
  private final Supplier<CommandLine> commands;

  @SuppressWarnings("NullAway.Init") // picocli sets it.
  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  Shell shell;

  /** Completes these commands. */
  public CompletionCommand(Session session, Supplier<CommandLine> commands) {
    this.session = session;
    this.commands = commands;
  }

  @Override
  public Integer call() throws BackupException {
    if (session.options().json) {
      throw Kind.UNSUPPORTED.failure("completion", "", "it prints a script, not JSON");
    }
    String script = shell.script(commands.get());
    session.terminal().result(script.stripTrailing());
    return ExitCodes.OK;
  }
}
