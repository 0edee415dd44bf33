package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.internal.swap.SwapRestoration;
import java.io.IOException;
import java.nio.file.Path;

/** A swap that happens only while no other process has the database in use. */
record SqliteRestoration(Swap swap, Path database, Cancellation cancellation)
    implements SwapRestoration {
  @Override
  public void apply() throws IOException {
    DatabaseLock lock = DatabaseLock.of(database, cancellation);
    try (lock) {
      swap.apply();
    }
  }
}
