package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.diff.DiffRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description = "Compare two backups: rows, memories, settings and collections.")
final class DiffCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(index = "0", paramLabel = "A", description = "The first backup, or 'latest'.")
  String before = "";

  @Parameters(index = "1", paramLabel = "B", description = "The second backup, or 'latest'.")
  String after = "";

  @Option(names = "--content", description = "Also the texts of memories that differ.")
  boolean content;

  DiffCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    DiffRequest request = content ? DiffRequest.STANDARD.withContent() : DiffRequest.STANDARD;
    return session.withBackups(
        (backups, location) -> {
          BackupName first = session.find(backups, location, before).name();
          BackupName second = session.find(backups, location, after).name();
          session
              .terminal()
              .result(session.renderer().compared(backups.diff(first, second, request)));
          return ExitCodes.OK;
        });
  }
}
