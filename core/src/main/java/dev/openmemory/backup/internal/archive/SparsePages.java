package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;

/** Writes the pages of a buffer that are not all zero; the others become holes. */
final class SparsePages {
  /** What file systems allocate at least. */
  private static final int PAGE = 4 << 10;

  private static final byte[] ZEROS = new byte[PAGE];

  private final RandomAccessFile file;
  private final byte[] buffer;

  SparsePages(RandomAccessFile file, byte[] buffer) {
    this.file = file;
    this.buffer = buffer;
  }

  /**
   * Writes the first bytes of the buffer to the position, which is a multiple of a page.
   *
   * @param room the bytes that may be written
   * @return the bytes that were; more than {@code room} when it was not enough, and not all was
   *     written
   */
  long write(long position, int count, long room) throws IOException {
    long written = 0;
    for (int start = skipZeros(0, count); start < count; ) {
      int end = skipData(start, count);
      written += end - start;
      if (written > room) {
        return written;
      }
      file.seek(position + start);
      file.write(buffer, start, end - start);
      start = skipZeros(end, count);
    }
    return written;
  }

  private int skipZeros(int from, int count) {
    int at = from;
    while (at < count && isZeroPage(at, count)) {
      at = Math.min(count, at + PAGE);
    }
    return at;
  }

  private int skipData(int from, int count) {
    int at = from;
    while (at < count && !isZeroPage(at, count)) {
      at = Math.min(count, at + PAGE);
    }
    return at;
  }

  private boolean isZeroPage(int at, int count) {
    int end = Math.min(count, at + PAGE);
    return Arrays.equals(buffer, at, end, ZEROS, 0, end - at);
  }
}
