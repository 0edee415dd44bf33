package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.RunContext;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A private copy of a database in the scratch directory, removed by closing. */
record StagedDatabase(Path folder, Path file) implements Closeable {
  static StagedDatabase inScratch(RunContext context) throws IOException {
    try {
      Path folder = Files.createTempDirectory(context.scratch(), "sqlite-");
      return new StagedDatabase(folder, folder.resolve(SqliteSource.FILE));
    } catch (IOException e) {
      throw FileFailure.of("create scratch folder", context.scratch(), e);
    }
  }

  static String onlyName(BackupFiles files) throws BackupException {
    List<String> names = files.names();
    if (names.size() != 1) {
      throw new BackupException(
          Kind.CORRUPT, "read database", "", "expected one file but found " + names);
    }
    return names.get(0);
  }

  void fetch(BackupFiles files, RunContext context) throws IOException {
    try (InputStream in = files.open(onlyName(files))) {
      Destination.copy(in, file, context.cancellation());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      // SQLite may have left a journal of an unfinished copy beside it.
      for (String suffix : SqliteSource.SUFFIXES) {
        Files.deleteIfExists(folder.resolve(SqliteSource.FILE + suffix));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw FileFailure.of("remove scratch copy", folder, e);
    }
  }
}
