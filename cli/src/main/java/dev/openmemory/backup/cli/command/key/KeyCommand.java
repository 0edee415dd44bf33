package dev.openmemory.backup.cli.command.key;

import dev.openmemory.backup.cli.settings.Session;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups the commands about keys; without one of them it is no command. */
@Command(
    name = "key",
    description = "Make and show keys for encryption.",
    synopsisSubcommandLabel = "COMMAND")
public final class KeyCommand {
  /** The format of keys. */
  static final String SCHEME = "age";

  private KeyCommand() {}

  public static CommandLine commandLine(Session session) {
    return new CommandLine(new KeyCommand())
        .addSubcommand(new KeyGenerateCommand(session))
        .addSubcommand(new KeyShowCommand(session));
  }
}
