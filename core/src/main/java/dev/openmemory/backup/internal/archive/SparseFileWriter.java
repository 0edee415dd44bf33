package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.Arrays;

/**
 * Writes a file with holes for its zero pages. A Qdrant storage directory of 2 MB on disk is over
 * 300 MB long.
 */
final class SparseFileWriter {
  /** What file systems allocate at least. */
  private static final int PAGE = 4 << 10;

  private static final byte[] ZEROS = new byte[PAGE];

  private final byte[] buffer = new byte[64 << 10];

  /**
   * Writes all of the content to an empty file.
   *
   * @param room the bytes that may be written
   * @return the bytes that were written, holes left out; more than {@code room}, and the content
   *     not read to its end, when there is not enough of it
   */
  long write(InputStream content, RandomAccessFile file, long room) throws IOException {
    long length = 0;
    long written = 0;
    for (int got = content.readNBytes(buffer, 0, buffer.length);
        got > 0;
        got = content.readNBytes(buffer, 0, buffer.length)) {
      written += writePages(file, length, got, room - written);
      if (written > room) {
        return written;
      }
      length += got;
    }
    file.setLength(length);
    return written;
  }

  private long writePages(RandomAccessFile file, long position, int count, long room)
      throws IOException {
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
