package dev.openmemory.backup.it;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.export.ExportFormat;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Exports in a process with a given heap; prints how many active memories there were. */
final class ExportChild {
  private ExportChild() {}

  /** Arguments: target, backup name, file. */
  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    try (BackupTarget target = BackupTargets.open(Path.of(args[0]))) {
      out.println(
          Backups.in(target)
              .exportMemories(
                  new BackupName(args[1]),
                  ExportRequest.of(ExportFormat.OPENMEMORY),
                  Path.of(args[2]))
              .memories()
              .get("active"));
    }
  }
}
