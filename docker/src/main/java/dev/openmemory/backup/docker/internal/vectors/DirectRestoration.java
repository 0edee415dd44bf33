package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.internal.swap.SwapRestoration;
import java.io.IOException;

/** A storage in a directory of this host, exchanged by renames in it. */
record DirectRestoration(Swap swap, VolumeData data) implements SwapRestoration {
  @Override
  public void apply() throws IOException {
    data.requireReleased();
    swap.apply();
  }

  @Override
  public void confirm(Facts stated, Cancellation cancellation) throws IOException {
    data.confirm(stated, cancellation);
  }

  @Override
  public void close() throws IOException {
    try (data) {
      swap.close();
    }
  }
}
