package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.memories.MemoryHistory;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "history",
    description = {
      "Show one memory through all backups of the target:",
      "when it appeared, how its text and state changed, and when it went."
    })
final class MemoriesHistoryCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "ID", description = "The id of the memory, or its beginning.")
  String id = "";

  @Option(names = "--long", description = "Show also backups in which nothing changed.")
  boolean inFull;

  MemoriesHistoryCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    return session.withBackups(
        (backups, location) -> {
          MemoryHistory history = backups.memoryHistory(id);
          session.terminal().result(session.memoryRenderer(inFull).history(history, inFull));
          return history.unread().isEmpty() ? ExitCodes.OK : ExitCodes.WARNINGS;
        });
  }
}
