package dev.openmemory.backup.internal.compress;

import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import java.io.IOException;

/**
 * Compresses what is written to it. The stream below is neither flushed nor closed. Without {@link
 * #finish} the result has no end, so that no reader takes half of it for the whole. Not
 * thread-safe.
 */
public abstract class CompressingOutputStream extends BlockOutputStream {
  /** Writes the end; afterwards only {@link #close} makes sense. */
  public abstract void finish() throws IOException;

  /** Does nothing: where blocks end must depend on the bytes alone. */
  @Override
  public final void flush() {}

  /** Frees threads and memory; may be repeated, does not {@link #finish}. */
  @Override
  public abstract void close() throws IOException;
}
