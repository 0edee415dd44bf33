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

  /** Arguments: target, scratch, backup name, program, and whether that is a Python. */
  public static void main(String[] args) throws IOException {
    Path program = Path.of(args[3]);
    boolean python = Boolean.parseBoolean(args[4]);
    try (BackupTarget target = BackupTargets.open(Path.of(args[0]))) {
      Backups.in(target)
          .withScratch(Path.of(args[1]))
          .drill(
              new BackupName(args[2]),
              python
                  ? DrillRequest.STANDARD.withEngine(program, true)
                  : DrillRequest.STANDARD.withBinary(program));
    }
  }
}
