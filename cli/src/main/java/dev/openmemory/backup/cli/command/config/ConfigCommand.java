package dev.openmemory.backup.cli.command.config;

import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Settings;
import java.io.IOException;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups the commands about settings; without one of them it is no command. */
@Command(
    name = "config",
    description = "Write, show and check the settings file.",
    synopsisSubcommandLabel = "COMMAND")
public final class ConfigCommand {
  private ConfigCommand() {}

  /** A command that reads the settings file itself, because the file may be missing or wrong. */
  public interface ReadsSettingsItself {}

  /** What a backup does with its settings before it begins. */
  public interface BackupCheck {
    /** Fails as the backup would. */
    void check(Settings settings) throws IOException;
  }

  /**
   * The commands.
   *
   * @param all makes the commands of the program, for a session of their own
   */
  public static CommandLine commandLine(
      Session session, Supplier<CommandLine> all, BackupCheck backup) {
    return new CommandLine(new ConfigCommand())
        .addSubcommand(new ConfigInitCommand(session))
        .addSubcommand(new ConfigShowCommand(session, all))
        .addSubcommand(new ConfigCheckCommand(session, all, backup));
  }
}
