package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writes the pages of a buffer that are not all zero; the others become holes. */
final class SparsePages {
  /** What file systems allocate at least. */
  private static final int PAGE = 4 << 10;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PAGE).asReadOnlyBuffer();

  private final FileChannel file;
  private final ByteBuffer zeros = ZEROS.duplicate();

  SparsePages(FileChannel file) {
    this.file = file;
  }

  /**
   * Writes what remains in the buffer to the position, beyond which the file has nothing yet.
   *
   * @param room the bytes that may be written
   * @return the bytes that were; more than {@code room} when it was not enough, and not all was
   *     written
   */
  long write(long position, ByteBuffer buffer, long room) throws IOException {
    ByteBuffer bytes = buffer.duplicate();
    int end = bytes.limit();
    long origin = position - bytes.position();
    long written = 0;
    for (int start = skip(true, bytes, bytes.position(), end, origin); start < end; ) {
      int stop = skip(false, bytes, start, end, origin);
      written += stop - start;
      if (written > room) {
        return written;
      }
      put(bytes.limit(stop).position(start), origin);
      start = skip(true, bytes, stop, end, origin);
    }
    buffer.position(end);
    return written;
  }

  private void put(ByteBuffer bytes, long origin) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes, origin + bytes.position());
    }
  }

  /** Where the first page that is not of that kind begins. */
  private int skip(boolean zero, ByteBuffer bytes, int from, int end, long origin) {
    int at = from;
    while (at < end) {
      int next = (int) Math.min(end, at + PAGE - (origin + at) % PAGE);
      if (isZero(bytes, at, next) != zero) {
        return at;
      }
      at = next;
    }
    return end;
  }

  private boolean isZero(ByteBuffer bytes, int from, int to) {
    bytes.limit(to).position(from);
    return bytes.get(from) == 0 && bytes.mismatch(zeros.limit(to - from)) < 0;
  }
}
