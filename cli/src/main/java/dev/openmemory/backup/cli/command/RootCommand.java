package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.cli.command.key.KeyCommand;
import dev.openmemory.backup.cli.command.key.ReencryptCommand;
import dev.openmemory.backup.cli.command.memories.MemoriesCommand;
import dev.openmemory.backup.cli.command.target.TargetCommand;
import dev.openmemory.backup.cli.command.undo.CleanupCommand;
import dev.openmemory.backup.cli.command.undo.UndoCommand;
import dev.openmemory.backup.cli.completion.CompletionCommand;
import dev.openmemory.backup.cli.demo.DemoCommand;
import dev.openmemory.backup.cli.settings.CommonOptions;
import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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

  /** The commands in the order of the help text; a new one is a new line here. */
  private static final List<Entry> COMMANDS =
      List.of(
          new Entry("backup", BackupCommand::new),
          new Entry("restore", RestoreCommand::new),
          new Entry("undo", UndoCommand::new),
          new Entry("cleanup", CleanupCommand::new),
          new Entry("list", ListCommand::new),
          new Entry("show", ShowCommand::new),
          new Entry("diff", DiffCommand::new),
          new Entry("verify", VerifyCommand::new),
          new Entry("drill", DrillCommand::new),
          new Entry("sync", SyncCommand::new),
          new Entry("export", ExportCommand::new),
          new Entry("import", ImportCommand::new),
          new Entry("memories", MemoriesCommand::commandLine),
          new Entry("delete", DeleteCommand::new),
          new Entry("prune", PruneCommand::new),
          new Entry("pin", PinCommand::new),
          new Entry("unpin", UnpinCommand::new),
          new Entry("unlock", UnlockCommand::new),
          new Entry("snapshot", SnapshotCommand::commandLine),
          new Entry("key", KeyCommand::commandLine),
          new Entry("reencrypt", ReencryptCommand::new),
          new Entry("doctor", DoctorCommand::new),
          new Entry("target", TargetCommand::commandLine),
          new Entry("migrate", MigrateCommand::commandLine),
          new Entry("schedule", ScheduleCommand::commandLine),
          new Entry(
              "completion", session -> new CompletionCommand(session, () -> commandLine(session))),
          new Entry("demo", session -> new DemoCommand()),
          new Entry("help", session -> new HelpCommand()));

  private record Entry(String name, Function<Session, Object> command) {}

  @Mixin final CommonOptions common;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  RootCommand(CommonOptions common) {
    this.common = common;
  }

  /** Knows all commands. */
  public static CommandLine commandLine(Session session) {
    return commandLine(session, COMMANDS);
  }

  /**
   * Knows the command that the first argument names, or all when it names none. The model of all
   * commands takes a quarter of the time of a short command.
   */
  public static CommandLine commandLine(Session session, String[] arguments) {
    List<Entry> named =
        COMMANDS.stream()
            .filter(entry -> arguments.length > 0 && arguments[0].equals(entry.name()))
            .filter(entry -> !entry.name().equals(HelpCommand.NAME))
            .toList();
    return commandLine(session, named.isEmpty() ? COMMANDS : named);
  }

  private static CommandLine commandLine(Session session, List<Entry> commands) {
    CommandLine line = new CommandLine(new RootCommand(session.options()));
    commands.forEach(entry -> line.addSubcommand(entry.name(), entry.command().apply(session)));
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
