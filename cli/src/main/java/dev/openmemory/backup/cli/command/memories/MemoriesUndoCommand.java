package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "undo",
    description = {
      "Take back what 'memories restore' has changed.",
      "A memory that was changed since stays as it is."
    })
final class MemoriesUndoCommand implements Callable<Integer> {
  private static final String OPERATION = "undo memories";

  private final Session session;

  @Parameters(paramLabel = "FILE", description = "The undo file that the restore has named.")
  String file = "";

  @Mixin private ChangeOptions change = new ChangeOptions();

  MemoriesUndoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    Path path = HomeFolder.path(file).toAbsolutePath().normalize();
    return session.withBackups(
        (backups, location) -> {
          ChangePrinter printer = change.printer(session, OPERATION);
          return printer.end(
              backups.undoMemories(
                  path, change.installation(session, OPERATION), change.dryRun, printer));
        });
  }
}
