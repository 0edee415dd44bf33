package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.cli.command.config.ConfigCommand;
import dev.openmemory.backup.cli.command.key.KeyCommand;
import dev.openmemory.backup.cli.command.key.ReencryptCommand;
import dev.openmemory.backup.cli.command.memories.MemoriesCommand;
import dev.openmemory.backup.cli.command.memories.RepairCommand;
import dev.openmemory.backup.cli.command.notify.NotifyCommand;
import dev.openmemory.backup.cli.command.status.StatusCommand;
import dev.openmemory.backup.cli.command.target.TargetCommand;
import dev.openmemory.backup.cli.command.undo.CleanupCommand;
import dev.openmemory.backup.cli.command.undo.UndoCommand;
import dev.openmemory.backup.cli.completion.CompletionCommand;
import dev.openmemory.backup.cli.demo.DemoCommand;
import dev.openmemory.backup.cli.help.HelpLayout;
import dev.openmemory.backup.cli.settings.CommonOptions;
import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
          new Entry(Group.BACK_UP_AND_RESTORE, "backup", BackupCommand::new),
          new Entry(Group.BACK_UP_AND_RESTORE, "restore", RestoreCommand::new),
          new Entry(Group.BACK_UP_AND_RESTORE, "undo", UndoCommand::new),
          new Entry(Group.BACK_UP_AND_RESTORE, "cleanup", CleanupCommand::new),
          new Entry(Group.LOOK, "status", StatusCommand::new),
          new Entry(Group.LOOK, "list", ListCommand::new),
          new Entry(Group.LOOK, "show", ShowCommand::new),
          new Entry(Group.LOOK, "diff", DiffCommand::new),
          new Entry(Group.LOOK, "memories", MemoriesCommand::commandLine),
          new Entry(Group.LOOK, "doctor", DoctorCommand::new),
          new Entry(Group.TEST, "verify", VerifyCommand::new),
          new Entry(Group.TEST, "drill", DrillCommand::new),
          new Entry(Group.TEST, "target", TargetCommand::commandLine),
          new Entry(Group.COPY_AND_MOVE, "sync", SyncCommand::new),
          new Entry(Group.COPY_AND_MOVE, "export", ExportCommand::new),
          new Entry(Group.COPY_AND_MOVE, "import", ImportCommand::new),
          new Entry(Group.COPY_AND_MOVE, "migrate", MigrateCommand::commandLine),
          new Entry(Group.COPY_AND_MOVE, "reencrypt", ReencryptCommand::new),
          new Entry(Group.KEEP_AND_DELETE, "prune", PruneCommand::new),
          new Entry(Group.KEEP_AND_DELETE, "delete", DeleteCommand::new),
          new Entry(Group.KEEP_AND_DELETE, "pin", PinCommand::new),
          new Entry(Group.KEEP_AND_DELETE, "unpin", UnpinCommand::new),
          new Entry(
              Group.SET_UP_AND_REPAIR,
              "config",
              session ->
                  ConfigCommand.commandLine(
                      session,
                      () -> commandLine(new Session(session.host())),
                      settings -> BackupCommand.check(session, settings))),
          new Entry(Group.SET_UP_AND_REPAIR, "schedule", ScheduleCommand::commandLine),
          new Entry(Group.SET_UP_AND_REPAIR, "notify", NotifyCommand::commandLine),
          new Entry(Group.SET_UP_AND_REPAIR, "key", KeyCommand::commandLine),
          new Entry(
              Group.SET_UP_AND_REPAIR,
              "completion",
              session -> new CompletionCommand(session, () -> commandLine(session))),
          new Entry(Group.SET_UP_AND_REPAIR, "snapshot", SnapshotCommand::commandLine),
          new Entry(Group.SET_UP_AND_REPAIR, "unlock", UnlockCommand::new),
          new Entry(Group.SET_UP_AND_REPAIR, "repair", RepairCommand::new),
          new Entry(Group.LEARN, "demo", session -> new DemoCommand()),
          new Entry(Group.LEARN, "help", session -> new HelpCommand()));

  /** The groups of the help text, in order. */
  private enum Group {
    BACK_UP_AND_RESTORE("Back up and restore"),
    LOOK("Look"),
    TEST("Test"),
    COPY_AND_MOVE("Copy and move"),
    KEEP_AND_DELETE("Keep and delete"),
    SET_UP_AND_REPAIR("Set up and repair"),
    LEARN("Learn");

    private final String title;

    Group(String title) {
      this.title = title;
    }
  }

  private record Entry(Group group, String name, Function<Session, Object> command) {}

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

  /** What runs when nothing is asked for. */
  public static String[] orStatus(String[] arguments) {
    return arguments.length == 0 ? new String[] {StatusCommand.NAME} : arguments;
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
    HelpLayout.apply(line, groups(commands));
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Path.class, HomeFolder::path);
  }

  private static Map<String, List<String>> groups(List<Entry> commands) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (Entry entry : commands) {
      groups.computeIfAbsent(entry.group().title, title -> new ArrayList<>()).add(entry.name());
    }
    return groups;
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
