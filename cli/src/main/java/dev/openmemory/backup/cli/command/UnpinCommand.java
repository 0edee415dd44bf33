package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "unpin", description = "Allow a pinned backup to be deleted again.")
final class UnpinCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  UnpinCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          BackupName backup = session.find(backups, location, name).name();
          boolean changed = backups.unpin(backup);
          session.terminal().result(session.renderer().pinned(backup, false, changed));
          return ExitCodes.OK;
        });
  }
}
