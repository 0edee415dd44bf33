package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "pin", description = "Keep a backup from being deleted until it is unpinned.")
class PinCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  PinCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          BackupName backup = session.find(backups, location, name).name();
          boolean changed = pinned() ? backups.pin(backup) : backups.unpin(backup);
          session.terminal().result(session.renderer().pinned(backup, pinned(), changed));
          return ExitCodes.OK;
        });
  }

  /** Whether the backup is pinned afterwards. */
  boolean pinned() {
    return true;
  }
}
