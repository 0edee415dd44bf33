package dev.openmemory.backup.internal.targetcheck;

import dev.openmemory.backup.internal.run.ProgressTicker;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;

/** So many bytes that tell where they belong: each offset has others behind it. */
final class TestBytes implements Content {
  /** A prime, so that no buffer and no part is a multiple of it. */
  private static final int PERIOD = 65_537;

  private final Run run;
  private final String file;
  private final long size;
  private final byte[] pattern = new byte[PERIOD];

  /**
   * Makes them.
   *
   * @param run that is told how far it is, and ends it
   * @param file which they are for
   * @param seed others have other bytes
   */
  TestBytes(Run run, String file, long size, long seed) {
    this.run = run;
    this.file = file;
    this.size = size;
    new Random(seed).nextBytes(pattern);
  }

  long size() {
    return size;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    ProgressTicker ticker = new ProgressTicker(run, file);
    for (long written = 0; written < size; written += PERIOD) {
      run.checkCancelled();
      out.write(pattern, 0, (int) Math.min(PERIOD, size - written));
      ticker.at(written);
    }
  }

  /** Whether the stream gives exactly the bytes from the offset on. */
  boolean matches(InputStream in, long offset) throws IOException {
    ProgressTicker ticker = new ProgressTicker(run, file);
    long at = offset;
    while (at < size) {
      run.checkCancelled();
      int from = (int) (at % PERIOD);
      int length = (int) Math.min(PERIOD - from, size - at);
      byte[] read = in.readNBytes(length);
      if (!Arrays.equals(read, 0, read.length, pattern, from, from + length)) {
        return false;
      }
      at += length;
      ticker.at(at);
    }
    return in.read() < 0;
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public OptionalLong sizeHint() {
    return OptionalLong.of(size);
  }
}
