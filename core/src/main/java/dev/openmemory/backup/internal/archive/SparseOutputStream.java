package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Objects;

/** A new private file with holes for its zero pages. Its last pages are there once it is closed. */
public final class SparseOutputStream extends BlockOutputStream {
  private final byte[] buffer = new byte[128 << 10];
  private final RandomAccessFile file;
  private final SparsePages pages;
  private long position;
  private int filled;
  private boolean closed;

  private SparseOutputStream(RandomAccessFile file) {
    this.file = file;
    this.pages = new SparsePages(file, buffer);
  }

  /** Creates the file, which must not exist. */
  public static SparseOutputStream create(Path path) throws IOException {
    Disk.createPrivateFile(path).close();
    return new SparseOutputStream(new RandomAccessFile(path.toFile(), "rw"));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    for (int taken = 0; taken < length; ) {
      int part = Math.min(length - taken, buffer.length - filled);
      System.arraycopy(bytes, offset + taken, buffer, filled, part);
      filled += part;
      taken += part;
      if (filled == buffer.length) {
        empty();
      }
    }
  }

  private void empty() throws IOException {
    pages.write(position, filled, Long.MAX_VALUE);
    position += filled;
    filled = 0;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try (file) {
        empty();
        file.setLength(position);
      }
    }
  }
}
