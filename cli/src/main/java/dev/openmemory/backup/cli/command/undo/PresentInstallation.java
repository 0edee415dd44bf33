package dev.openmemory.backup.cli.command.undo;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.LiveStorage;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import dev.openmemory.backup.docker.Discovery;
import java.io.IOException;

/** Finds where the data is that restores have replaced. */
record PresentInstallation(Session session, InstallationOptions parts) {

  /** As a restore does; an OpenMemory without vectors will do. */
  Installation find(String operation) throws IOException {
    if (!parts.only.isEmpty()) {
      throw Kind.INVALID.failure(
          operation, "", "--only cannot be used here: what one restore replaced belongs together");
    }
    Discovery found =
        new InstallationFinder(session, parts, VectorsChoice.forBackup(parts), true).find();
    return LiveStorage.in(found.installation(), false);
  }
}
