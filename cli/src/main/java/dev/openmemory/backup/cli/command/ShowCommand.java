package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show the details of a backup.")
final class ShowCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  ShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          BackupSummary found = session.find(backups, location, name);
          boolean sealed = found.manifest().filter(Manifest::isSealed).isPresent();
          BackupSummary shown =
              sealed && session.hasIdentity() ? backups.details(found.name()) : found;
          session.terminal().result(session.renderer().show(shown));
          return ExitCodes.OK;
        });
  }
}
