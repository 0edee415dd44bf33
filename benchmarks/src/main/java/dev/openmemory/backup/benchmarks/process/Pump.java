package dev.openmemory.backup.benchmarks.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32;

/** Copies a stream to its end. */
public final class Pump {
  private static final int BUFFER = 128 * 1024;

  private Pump() {}

  /** The CRC32 of what went through. */
  public static long copy(InputStream from, OutputStream to) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[BUFFER];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      crc.update(buffer, 0, read);
      to.write(buffer, 0, read);
    }
    return crc.getValue();
  }
}
