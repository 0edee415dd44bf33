package dev.openmemory.backup.it;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.diff.BackupDiff.Memories;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Compares in a process with a given heap; prints how many memories differ. */
final class DiffChild {
  private DiffChild() {}

  /** Arguments: target, both names. */
  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    try (BackupTarget target = BackupTargets.open(Path.of(args[0]))) {
      DiffRequest request = DiffRequest.STANDARD.withContent().naming(DiffRequest.MOST_NAMED);
      Memories memories =
          Backups.in(target)
              .diff(new BackupName(args[1]), new BackupName(args[2]), request)
              .memories()
              .orElseThrow();
      out.println(
          memories.added().count()
              + " "
              + memories.removed().count()
              + " "
              + memories.changed().count());
    }
  }
}
