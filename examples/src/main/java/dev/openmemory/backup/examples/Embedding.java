package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Path;

/** All of it in an application: back up, list, verify, restore elsewhere. */
final class Embedding {
  private Embedding() {}

  /** Backs up, proves it, and restores into a folder of its own. */
  static VerifyReport backUpAndProve(Path home, Path storage, Path folder, Path copy)
      throws IOException {
    try (BackupTarget target = BackupTargets.open(folder)) {
      Backups backups = Backups.in(target);
      backups.create(Installation.at(home).withStorage(storage), BackupRequest.STANDARD);
      BackupName name = backups.latest().orElseThrow().name();
      VerifyReport verified = backups.verify(name);
      backups.restore(name, Installation.inFolder(copy), RestoreRequest.STANDARD);
      return verified;
    }
  }
}
