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
  private long room;
  private long position;
  private int filled;
  private boolean closed;

  private SparseOutputStream(RandomAccessFile file, long room) {
    this.file = file;
    this.room = room;
    this.pages = new SparsePages(file, buffer);
  }

  /** Creates the file, which must not exist. */
  public static SparseOutputStream create(Path path) throws IOException {
    return create(path, Long.MAX_VALUE);
  }

  /**
   * The same, which fails once more than {@code room} bytes would be taken on the disk.
   *
   * @param room in bytes; holes take none
   */
  public static SparseOutputStream create(Path path, long room) throws IOException {
    Disk.createPrivateFile(path).close();
    return new SparseOutputStream(new RandomAccessFile(path.toFile(), "rw"), room);
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
    room -= pages.write(position, filled, room);
    if (room < 0) {
      throw new IOException("the file may take no more of the disk");
    }
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
