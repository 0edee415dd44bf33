package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * A new private file with holes for its zero pages. Its last pages are there once it is closed. As
 * a channel it takes large buffers without a copy of their bytes.
 */
public final class SparseOutputStream extends BlockOutputStream implements WritableByteChannel {
  private final ByteBuffer collected = ByteBuffer.allocate(128 << 10);
  private final RandomAccessFile file;
  private final SparsePages pages;
  private final long room;
  private long taken;
  private long position;

  private SparseOutputStream(RandomAccessFile file, long room) {
    this.file = file;
    this.room = room;
    this.pages = new SparsePages(file.getChannel());
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
    write(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    if (count > collected.remaining()) {
      writePages(collected.flip());
      collected.clear();
    }
    if (count > collected.remaining()) {
      writePages(bytes);
    } else {
      collected.put(bytes);
    }
    return count;
  }

  private void writePages(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    if (count == 0) {
      return;
    }
    taken += pages.write(position, bytes, room - taken);
    if (taken > room) {
      throw new IOException("it takes more than " + room + " bytes");
    }
    position += count;
  }

  @Override
  public boolean isOpen() {
    return file.getChannel().isOpen();
  }

  @Override
  public void close() throws IOException {
    if (isOpen()) {
      try (file) {
        writePages(collected.flip());
        file.setLength(position);
      }
    }
  }
}
