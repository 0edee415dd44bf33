package dev.openmemory.backup.spi;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Drops the first bytes and passes on the others. */
final class SkippingOutputStream extends OutputStream {
  private final OutputStream out;
  private long left;

  SkippingOutputStream(OutputStream out, long skipped) {
    this.out = out;
    this.left = skipped;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int dropped = (int) Math.min(left, length);
    left -= dropped;
    if (dropped < length) {
      out.write(bytes, offset + dropped, length - dropped);
    }
  }
}
