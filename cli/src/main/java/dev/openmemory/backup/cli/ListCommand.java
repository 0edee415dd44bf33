package dev.openmemory.backup.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the backups, oldest first.")
final class ListCommand implements Callable<Integer> {
  private final Session session;

  ListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          session.terminal().result(session.renderer().list(backups.list(), location));
          return ExitCodes.OK;
        });
  }
}
