package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A swap that happens only while no other process has the database in use. */
record SqliteRestoration(Swap swap, Path database, Cancellation cancellation)
    implements Restoration {
  @Override
  public void apply() throws IOException {
    DatabaseLock lock = DatabaseLock.of(database, cancellation);
    try (lock) {
      swap.apply();
    }
  }

  @Override
  public Optional<Path> commit(boolean discardPrevious) throws IOException {
    return swap.commit(discardPrevious);
  }

  @Override
  public void rollback() throws IOException {
    swap.rollback();
  }

  @Override
  public void close() throws IOException {
    swap.close();
  }
}
