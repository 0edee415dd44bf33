package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.cli.command.undo.CleanupCommand;
import dev.openmemory.backup.cli.command.undo.UndoCommand;
import dev.openmemory.backup.cli.demo.DemoCommand;
import dev.openmemory.backup.cli.settings.CommonOptions;
import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = RootCommand.NAME,
    description = "Backs up and restores OpenMemory: database, configuration and vectors.",
    versionProvider = RootCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class RootCommand {
  public static final String NAME = "openmemory-backup";

  @Mixin final CommonOptions common;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  RootCommand(CommonOptions common) {
    this.common = common;
  }

  /** The commands in the order of the help text; a new one is a new line here. */
  static List<Object> commands(Session session) {
    return List.of(
        new BackupCommand(session),
        new RestoreCommand(session),
        new UndoCommand(session),
        new CleanupCommand(session),
        new ListCommand(session),
        new ShowCommand(session),
        new DiffCommand(session),
        new VerifyCommand(session),
        new DrillCommand(session),
        new SyncCommand(session),
        new ExportCommand(session),
        new ImportCommand(session),
        new DeleteCommand(session),
        new PruneCommand(session),
        new PinCommand(session),
        new UnpinCommand(session),
        new UnlockCommand(session),
        SnapshotCommand.commandLine(session),
        new DoctorCommand(session),
        MigrateCommand.commandLine(session),
        ScheduleCommand.commandLine(session),
        new DemoCommand(),
        new HelpCommand());
  }

  public static CommandLine commandLine(Session session) {
    CommandLine line = new CommandLine(new RootCommand(session.options()));
    commands(session).forEach(line::addSubcommand);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Path.class, HomeFolder::path);
  }

  /** The version is in the jar's manifest; classes that run out of a folder have none. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = RootCommand.class.getPackage().getImplementationVersion();
      return new String[] {
        NAME
            + " "
            + Objects.requireNonNullElse(version, "development")
            + " (Java "
            + Runtime.version()
            + ")"
      };
    }
  }
}
