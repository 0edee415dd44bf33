package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link DirectoryTree} as a tar archive with the names, modes, owners and times that
 * {@code tar -C directory -c .} would write.
 */
public final class TarWriter {
  private static final int BUFFER = 128 << 10;

  /** Few calls, as a program that has just started runs each of them slowly. */
  private static final int CHANNEL_BUFFER = 1 << 20;

  private final OutputStream out;
  private final Cancellation cancellation;
  private final ByteBuffer buffer;
  private long written;

  private TarWriter(OutputStream out, Cancellation cancellation) {
    this.out = out;
    this.cancellation = cancellation;
    this.buffer =
        out instanceof WritableByteChannel
            ? ByteBuffer.allocateDirect(CHANNEL_BUFFER)
            : ByteBuffer.allocate(BUFFER);
  }

  /**
   * Writes the archive and neither flushes nor closes the stream. One that is a channel, too, gets
   * the contents of files without a copy in the heap.
   *
   * @throws BackupException of kind {@code INCONSISTENT}, naming the file, when one changed between
   *     the scan and the end of the archive, so that the archive is of one instant or fails
   */
  public static void write(DirectoryTree tree, OutputStream out, Cancellation cancellation)
      throws IOException {
    TarWriter writer = new TarWriter(out, cancellation);
    for (DirectoryTree.Entry entry : tree.entries()) {
      writer.write(entry);
    }
    for (DirectoryTree.Entry entry : tree.entries()) {
      cancellation.check();
      requireUnchanged(entry);
    }
    TarHeader.end(out, writer.written);
  }

  /** The length in bytes of the archive of this tree, except for long names. */
  public static long estimate(DirectoryTree tree) {
    long bytes = 2L * TarHeader.BLOCK;
    for (DirectoryTree.Entry entry : tree.entries()) {
      long content = entry.hardLink() ? 0 : entry.stat().size();
      bytes += TarHeader.BLOCK + content + TarHeader.padding(content, TarHeader.BLOCK);
    }
    return bytes + TarHeader.padding(bytes, TarHeader.RECORD);
  }

  static BackupException changed(Path path, String how, @Nullable Throwable cause) {
    return Kind.INCONSISTENT.failure(
        "archive", path.toString(), "changed while it was read: " + how, cause);
  }

  private void write(DirectoryTree.Entry entry) throws IOException {
    cancellation.check();
    written += TarHeader.write(out, TarHeader.Fields.of(entry));
    if (entry.stat().kind() != FileStat.Kind.FILE || entry.hardLink()) {
      return;
    }
    try (FileChannel file = open(entry.path())) {
      copy(file, entry);
    }
    written += TarHeader.pad(out, written, TarHeader.BLOCK);
  }

  private static FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw changed(path, "vanished", e);
    } catch (IOException e) {
      throw FileFailure.of("archive", path, e);
    }
  }

  private void copy(FileChannel file, DirectoryTree.Entry entry) throws IOException {
    for (long left = entry.stat().size(); left > 0; ) {
      cancellation.check();
      buffer.clear().limit((int) Math.min(left, buffer.capacity()));
      int got = read(file, entry.path());
      if (got < 0) {
        throw changed(entry.path(), "shrank", null);
      }
      put(buffer.flip());
      written += got;
      left -= got;
    }
    requireUnchanged(entry);
  }

  private void put(ByteBuffer bytes) throws IOException {
    if (!(out instanceof WritableByteChannel channel)) {
      out.write(bytes.array(), bytes.arrayOffset(), bytes.limit());
      return;
    }
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private int read(FileChannel file, Path path) throws IOException {
    try {
      return file.read(buffer);
    } catch (IOException e) {
      throw FileFailure.of("archive", path, e);
    }
  }

  private static void requireUnchanged(DirectoryTree.Entry entry) throws IOException {
    FileStat now;
    try {
      now = FileStat.of(entry.path());
    } catch (NoSuchFileException e) {
      throw changed(entry.path(), "vanished", e);
    } catch (IOException e) {
      throw FileFailure.of("archive", entry.path(), e);
    }
    if (now.size() != entry.stat().size()) {
      String how = "its size was " + entry.stat().size() + " and is " + now.size();
      throw changed(entry.path(), how, null);
    }
    if (!now.equals(entry.stat())) {
      throw changed(entry.path(), "it was written or replaced", null);
    }
  }
}
