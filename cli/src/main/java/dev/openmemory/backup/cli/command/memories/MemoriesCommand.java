package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.cli.settings.Session;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups the commands about memories; without one of them it is no command. */
@Command(
    name = "memories",
    description =
        "Look for single memories in backups, write them for other programs, and put them back.",
    synopsisSubcommandLabel = "COMMAND")
public final class MemoriesCommand {
  private MemoriesCommand() {}

  public static CommandLine commandLine(Session session) {
    return new CommandLine(new MemoriesCommand())
        .addSubcommand(new MemoriesListCommand(session))
        .addSubcommand(new MemoriesShowCommand(session))
        .addSubcommand(new MemoriesHistoryCommand(session))
        .addSubcommand(new MemoriesExportCommand(session))
        .addSubcommand(new MemoriesRestoreCommand(session))
        .addSubcommand(new MemoriesUndoCommand(session));
  }
}
