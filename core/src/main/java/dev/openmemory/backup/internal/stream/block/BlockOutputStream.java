package dev.openmemory.backup.internal.stream.block;

import java.io.IOException;
import java.io.OutputStream;

/** A stream that writes a single byte as a block of one. */
public abstract class BlockOutputStream extends OutputStream {
  @Override
  public final void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public abstract void write(byte[] bytes, int offset, int length) throws IOException;
}
