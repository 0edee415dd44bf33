package dev.openmemory.backup.benchmarks.process;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Bytes that neither compress nor repeat, and are the same each time. */
public final class RandomBytes {
  private static final int BLOCK = 1 << 20;

  private RandomBytes() {}

  /**
   * Writes that many.
   *
   * @return their CRC32
   */
  public static long writeTo(OutputStream out, long size) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    CRC32 crc = new CRC32();
    byte[] block = new byte[BLOCK];
    for (long left = size; left > 0; left -= BLOCK) {
      random.nextBytes(block);
      int count = (int) Math.min(left, BLOCK);
      crc.update(block, 0, count);
      out.write(block, 0, count);
    }
    return crc.getValue();
  }
}
