package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show all that a backup has about one memory.")
final class MemoriesShowCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(index = "0", paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  @Parameters(
      index = "1",
      paramLabel = "ID",
      description = "The id of the memory, or its beginning.")
  String id = "";

  MemoriesShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          BackupName backup = session.find(backups, location, name).name();
          session
              .terminal()
              .result(session.memoryRenderer(true).details(backups.memory(backup, id)));
          return ExitCodes.OK;
        });
  }
}
