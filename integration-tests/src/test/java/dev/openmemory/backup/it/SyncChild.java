package dev.openmemory.backup.it;

import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.SyncRequest;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Syncs in a process that can be killed; prints {@code ready} and {@code done}. */
final class SyncChild {
  private SyncChild() {}

  /** Arguments: source, destination, scratch. */
  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    try (BackupTarget source = BackupTargets.open(Path.of(args[0]));
        BackupTarget destination = BackupTargets.open(Path.of(args[1]))) {
      out.println("ready");
      Backups.in(source).withScratch(Path.of(args[2])).sync(destination, SyncRequest.STANDARD);
      out.println("done");
    }
  }
}
