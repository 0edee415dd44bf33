package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.cli.output.ExitCodes;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help COMMAND}; picocli's own clashes with {@code --help} as an option of all commands. */
@Command(name = HelpCommand.NAME, description = "Show the help of a command.")
final class HelpCommand implements Callable<Integer> {
  static final String NAME = "help";

  @SuppressWarnings("NullAway.Init") // picocli sets it.
  @Spec
  CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command.")
  List<String> command = List.of();

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    CommandLine wanted = root;
    for (String name : command) {
      wanted = wanted.getSubcommands().get(name);
      if (wanted == null) {
        throw new ParameterException(
            root, "there is no command '" + String.join(" ", command) + "'");
      }
    }
    wanted.usage(root.getOut());
    return ExitCodes.OK;
  }
}
