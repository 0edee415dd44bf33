package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import dev.openmemory.backup.migration.MigrationReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Groups the commands about moving house; without one of them it is no command. */
@Command(
    name = "migrate",
    description = "Check what a new server needs before you restore a backup from another server.",
    synopsisSubcommandLabel = "COMMAND")
final class MigrateCommand {
  private MigrateCommand() {}

  static CommandLine commandLine(Session session) {
    return new CommandLine(new MigrateCommand()).addSubcommand(new Report(session));
  }

  /** The OpenMemory of this server, be it one that is not there yet. */
  static Installation here(Session session, InstallationOptions parts) throws IOException {
    return new InstallationFinder(session, parts, VectorsChoice.forBackup(parts), true)
        .findOrGuess()
        .discovery()
        .installation();
  }

  /** {@code migrate report}. */
  @Command(
      name = "report",
      description = {
        "Show what the backup needs to work on this server, and what is missing.",
        "Changes nothing. Exit code 3 means that something has to be done."
      })
  static final class Report implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The backup, or 'latest'.")
    String name = "";

    @Mixin private InstallationOptions parts = new InstallationOptions();

    Report(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws IOException {
      return session.withBackups(this::report);
    }

    private int report(Backups backups, String location) throws IOException {
      BackupName backup = session.find(backups, location, name).name();
      MigrationReport report = backups.migrationReport(backup, here(session, parts));
      session.terminal().result(session.renderer().migration(report));
      return report.toDo().isEmpty() ? ExitCodes.OK : ExitCodes.WARNINGS;
    }
  }
}
