package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;

/**
 * Writes a file with holes for its zero pages. A Qdrant storage directory of 2 MB on disk is over
 * 300 MB long.
 */
final class SparseFileWriter {
  private final byte[] buffer = new byte[64 << 10];

  /**
   * Writes all of the content to an empty file.
   *
   * @param room the bytes that may be written
   * @return the bytes that were written, holes left out; more than {@code room}, and the content
   *     not read to its end, when there is not enough of it
   */
  long write(InputStream content, RandomAccessFile file, long room) throws IOException {
    SparsePages pages = new SparsePages(file, buffer);
    long length = 0;
    long written = 0;
    for (int got = content.readNBytes(buffer, 0, buffer.length);
        got > 0;
        got = content.readNBytes(buffer, 0, buffer.length)) {
      written += pages.write(length, got, room - written);
      if (written > room) {
        return written;
      }
      length += got;
    }
    file.setLength(length);
    return written;
  }
}
