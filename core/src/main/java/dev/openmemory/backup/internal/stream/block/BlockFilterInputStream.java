package dev.openmemory.backup.internal.stream.block;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream over another one that reads a single byte as a block of one. */
public abstract class BlockFilterInputStream extends FilterInputStream {
  /** Reads from that stream and closes it. */
  protected BlockFilterInputStream(InputStream in) {
    super(in);
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return in.read(bytes, offset, length);
  }
}
