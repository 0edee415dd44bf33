package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.process.OpenFiles;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.internal.swap.SwapRestoration;
import dev.openmemory.backup.spi.optional.ReplacesFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A swap that happens only while no other process has the database in use, or merely open. */
record SqliteRestoration(Swap swap, Path database, Cancellation cancellation)
    implements SwapRestoration, ReplacesFiles {
  @Override
  public void apply() throws IOException {
    DatabaseLock lock = DatabaseLock.of(database, cancellation);
    try (lock) {
      // An idle connection holds no lock, and would continue with the file that is set aside.
      new OpenFiles(OpenFiles.PROC).requireClosed(replaced(), holder -> true);
      swap.apply();
    }
  }

  @Override
  public List<Path> replaced() {
    return files(database);
  }

  /** The database and those beside it. */
  static List<Path> files(Path database) {
    return StagedDatabase.SUFFIXES.stream()
        .map(suffix -> database.resolveSibling(database.getFileName() + suffix))
        .toList();
  }
}
