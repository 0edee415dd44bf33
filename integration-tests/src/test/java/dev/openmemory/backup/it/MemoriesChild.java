package dev.openmemory.backup.it;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.memories.MemoryFormat;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Searches memories and writes them to a file in a process with a given heap. */
final class MemoriesChild {
  private MemoriesChild() {}

  /** Arguments: target, backup name, word, HTML file. Prints how many were found. */
  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    try (BackupTarget target = BackupTargets.open(Path.of(args[0]))) {
      Backups backups = Backups.in(target);
      BackupName name = new BackupName(args[1]);
      AtomicInteger found = new AtomicInteger();
      backups.memories(
          name, MemoryQuery.ALL.withSearch(args[2]), memory -> found.incrementAndGet());
      backups.writeMemories(name, MemoryQuery.ALL, MemoryFormat.HTML, Path.of(args[3]));
      out.println(found.get());
    }
  }
}
