package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Delete a backup.")
final class DeleteCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The backup; not 'latest'.")
  String name = "";

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  DeleteCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    if (name.equals(Session.LATEST)) {
      throw Kind.INVALID.failure(
          "delete", name, "'latest' cannot be deleted; give the name of the backup");
    }
    return session.withBackups(
        (backups, location) -> {
          BackupSummary backup = session.find(backups, location, name);
          session.confirm(
              yes,
              "delete",
              "Backup "
                  + backup.name()
                  + " ("
                  + Units.dateTime(backup.created(), session.host().clock().getZone())
                  + ", "
                  + Units.size(backup.storedBytes())
                  + ") in "
                  + TextRenderer.place(location)
                  + " will be deleted.");
          backups.delete(backup.name());
          session.terminal().result(session.renderer().deleted(backup.name()));
          return ExitCodes.OK;
        });
  }
}
