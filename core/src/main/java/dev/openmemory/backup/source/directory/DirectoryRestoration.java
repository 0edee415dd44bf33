package dev.openmemory.backup.source.directory;

import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A storage that is unpacked beside the present one and takes its place by renames. */
record DirectoryRestoration(DirectorySource source, Swap swap) implements Restoration {

  @Override
  public void apply() throws IOException {
    source.requireReleased();
    swap.apply();
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
