package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Moves no more than so many bytes of objects a second, over all streams and both directions
 * together. Thread-safe; an interrupt ends a wait with {@code CANCELLED}.
 */
public final class ThrottlingBackupTarget extends ForwardingBackupTarget {
  private final Bandwidth bandwidth;

  /**
   * Limits the target.
   *
   * @param bytesPerSecond at least 1
   */
  public ThrottlingBackupTarget(BackupTarget delegate, long bytesPerSecond) {
    this(delegate, new Bandwidth(bytesPerSecond, Waiter.SLEEP, System::nanoTime));
  }

  ThrottlingBackupTarget(BackupTarget delegate, Bandwidth bandwidth) {
    super(delegate);
    this.bandwidth = bandwidth;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    return delegate().write(name, new ThrottledContent(content, place(name)), options);
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix) throws IOException {
    return delegate().listFolders(prefix);
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix, Predicate<String> fileNames)
      throws IOException {
    return delegate().listFolders(prefix, fileNames);
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    return new ThrottledInput(delegate().read(name, offset), place(name));
  }

  private String place(ObjectName name) {
    return location() + "/" + name;
  }

  private void take(int bytes, String operation, String place) throws BackupException {
    try {
      bandwidth.take(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure(
          operation, place, "interrupted while waiting for the bandwidth", e);
    }
  }

  private final class ThrottledContent extends ObservedContent {
    private final String place;

    ThrottledContent(Content content, String place) {
      super(content);
      this.place = place;
    }

    @Override
    OutputStream asked(OutputStream out) {
      return new ThrottledOutput(out, place);
    }
  }

  /** Takes before it passes on. Does not close what is below. */
  private final class ThrottledOutput extends BlockOutputStream {
    private final OutputStream out;
    private final String place;

    ThrottledOutput(OutputStream out, String place) {
      this.out = out;
      this.place = place;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      int end = offset + length;
      for (int from = offset; from < end; ) {
        int count = Math.min(bandwidth.piece(), end - from);
        take(count, "write", place);
        out.write(bytes, from, count);
        from += count;
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }

  /** Takes for what has come, which cannot be known before. */
  private final class ThrottledInput extends BlockFilterInputStream {
    private final String place;

    ThrottledInput(InputStream in, String place) {
      super(in);
      this.place = place;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, Math.min(length, bandwidth.piece()));
      if (count > 0) {
        take(count, "read", place);
      }
      return count;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
