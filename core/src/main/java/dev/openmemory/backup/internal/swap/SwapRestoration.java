package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A restoration that is a swap of files, with conditions of its own. */
public interface SwapRestoration extends Restoration, RespectsRepair {
  /** What puts the restored files in place and back. */
  Swap swap();

  @Override
  default Optional<Path> commit(boolean discardPrevious) throws IOException {
    return swap().commit(discardPrevious);
  }

  @Override
  default void rollback() throws IOException {
    swap().rollback();
  }

  @Override
  default void requireUnrepaired() throws IOException {
    swap().requireUnrepaired();
  }

  @Override
  default Optional<Path> changesKept() {
    return swap().changesKept();
  }

  @Override
  default void replaceRepair() {
    swap().replaceRepair();
  }

  @Override
  default void close() throws IOException {
    swap().close();
  }
}
