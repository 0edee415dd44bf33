package dev.openmemory.backup.it;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;

/** Drills in a process that can be killed. */
final class DrillChild {
  private DrillChild() {}

  /** Arguments: target, scratch, backup name, program. */
  public static void main(String[] args) throws IOException {
    try (BackupTarget target = BackupTargets.open(Path.of(args[0]))) {
      Backups.in(target)
          .withScratch(Path.of(args[1]))
          .drill(new BackupName(args[2]), DrillRequest.STANDARD.withBinary(Path.of(args[3])));
    }
  }
}
