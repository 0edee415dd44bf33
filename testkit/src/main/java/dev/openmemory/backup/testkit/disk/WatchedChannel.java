package dev.openmemory.backup.testkit.disk;

import dev.openmemory.backup.testkit.disk.WatchedDisk.Ability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open file, or a directory that is to be forced. */
final class WatchedChannel extends FileChannel {
  private final WatchedDisk disk;
  private final DiskNode node;
  private final Path path;
  private final FileChannel real;

  /** The same file for reading, whatever it is called by then. */
  private final FileChannel content;

  WatchedChannel(WatchedDisk disk, DiskNode node, Path path, FileChannel real) throws IOException {
    this.disk = disk;
    this.node = node;
    this.path = path;
    this.real = real;
    this.content = FileChannel.open(path, StandardOpenOption.READ);
    disk.opened(path);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return written(() -> real.write(from));
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    return written(() -> real.write(from, offset, length));
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    return written(() -> real.write(from, position));
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
    return written(() -> real.transferFrom(from, position, count));
  }

  private <T> T written(WatchedDisk.Change<T> write) throws IOException {
    return disk.change(
        () -> {
          disk.requireRoom();
          return write.make();
        });
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    return disk.change(() -> real.truncate(size));
  }

  /** Remembers it only: the host still runs. */
  @Override
  public void force(boolean metaData) throws IOException {
    if (node.isDirectory()) {
      disk.require(Ability.FORCED_DIRECTORIES);
    }
    Object unused =
        disk.change(
            () -> {
              if (node.isDirectory()) {
                node.forceNames(path);
              } else {
                node.forceContent(DiskState.EMPTY_FILE + read());
              }
              return node;
            });
  }

  private String read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(content.size()));
    while (bytes.hasRemaining() && content.read(bytes, bytes.position()) >= 0) {
      // Until all of it is there.
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return real.read(into);
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    return real.read(into, offset, length);
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return real.read(into, position);
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
    return real.transferTo(position, count, to);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return real.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    disk.require(Ability.LOCKS);
    return real.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    disk.require(Ability.LOCKS);
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    disk.closed(path);
    try (real) {
      content.close();
    }
  }
}
