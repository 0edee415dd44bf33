package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.optional.ReplacesFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A restored database; the engine makes sure that no process goes on with the old file. */
record ReplacedDatabase(Path file, Restoration exchange) implements Restoration, ReplacesFiles {
  @Override
  public List<Path> replaced() {
    return List.of(file.toAbsolutePath());
  }

  /** SQLite would apply a log or a journal of the old file to the new one. */
  @Override
  public void apply() throws IOException {
    for (String suffix : List.of("-wal", "-journal")) {
      Path beside = file.resolveSibling(file.getFileName() + suffix);
      if (Files.exists(beside)) {
        throw Kind.LOCKED.failure("replace database", beside.toString(), "is in use");
      }
    }
    exchange.apply();
  }

  @Override
  public Optional<Path> commit(boolean discardPrevious) throws IOException {
    return exchange.commit(discardPrevious);
  }

  @Override
  public void rollback() throws IOException {
    exchange.rollback();
  }

  @Override
  public void close() throws IOException {
    exchange.close();
  }
}
