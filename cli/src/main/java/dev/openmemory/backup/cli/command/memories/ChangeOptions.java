package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands that change single memories take. */
final class ChangeOptions {
  @Option(names = "--dry-run", description = "Show what would be changed, and change nothing.")
  boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  /** As a backup finds it. */
  Installation installation(Session session, String operation) throws IOException {
    if (!parts.only.isEmpty()) {
      throw Kind.INVALID.failure(
          operation, "", "--only cannot be used here: a memory has a row and a vector");
    }
    return new InstallationFinder(session, parts, VectorsChoice.forBackup(parts), true)
        .find()
        .installation();
  }

  ChangePrinter printer(Session session, String operation) {
    return new ChangePrinter(session, operation, yes);
  }
}
