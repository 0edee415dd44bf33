package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.cli.settings.Session;
import picocli.CommandLine.Command;

@Command(name = "unpin", description = "Allow a pinned backup to be deleted again.")
final class UnpinCommand extends PinCommand {
  UnpinCommand(Session session) {
    super(session);
  }

  @Override
  boolean pinned() {
    return false;
  }
}
