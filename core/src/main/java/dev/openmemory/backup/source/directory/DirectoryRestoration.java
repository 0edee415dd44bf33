package dev.openmemory.backup.source.directory;

import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.internal.swap.SwapRestoration;
import java.io.IOException;

/** A storage that is unpacked beside the present one and takes its place by renames. */
record DirectoryRestoration(DirectorySource source, Swap swap) implements SwapRestoration {

  @Override
  public void apply() throws IOException {
    source.requireReleased();
    swap.apply();
  }
}
