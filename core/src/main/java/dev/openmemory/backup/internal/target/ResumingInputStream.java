package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object to its full size, opening it again where it broke off. Only attempts that bring
 * nothing count against the budget, so that a slow and shaky line gets through. An end before the
 * size is a fault like any other. Of an object that is replaced meanwhile it never mixes the bytes.
 */
final class ResumingInputStream extends BlockInputStream {
  private final BackupTarget target;
  private final ObjectInfo object;
  private final Attempts attempts;
  private long position;
  private @Nullable InputStream current;
  private boolean closed;

  private ResumingInputStream(
      BackupTarget target, ObjectInfo object, long position, Attempts attempts) {
    this.target = target;
    this.object = object;
    this.position = position;
    this.attempts = attempts;
  }

  /** Opens the object, which is known to the target by these facts. */
  static InputStream open(BackupTarget target, ObjectInfo object, long offset, Attempts attempts)
      throws IOException {
    ResumingInputStream stream = new ResumingInputStream(target, object, offset, attempts);
    while (stream.current == null) {
      try {
        stream.current = target.read(object.name(), offset);
      } catch (IOException e) {
        attempts.failed(e, true);
      }
    }
    return stream;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw failure(Kind.INVALID, "the stream is closed");
    }
    while (length > 0) {
      try {
        return readOnce(bytes, offset, length);
      } catch (IOException e) {
        dropCurrent(e);
        attempts.failed(e, true);
      }
    }
    return 0;
  }

  private int readOnce(byte[] bytes, int offset, int length) throws IOException {
    InputStream in = current != null ? current : reopen();
    int count = in.read(bytes, offset, length);
    if (count > 0) {
      position += count;
      attempts.progressed();
    } else if (count < 0 && position < object.size()) {
      throw failure(
          Kind.UNAVAILABLE, "ended after " + position + " of " + object.size() + " bytes");
    }
    return count;
  }

  private InputStream reopen() throws IOException {
    if (!target.stat(object.name()).equals(Optional.of(object))) {
      throw failure(Kind.FAILED, "was replaced or deleted while it was read");
    }
    InputStream in = target.read(object.name(), position);
    current = in;
    return in;
  }

  private void dropCurrent(IOException failure) {
    InputStream broken = current;
    current = null;
    if (broken != null) {
      try {
        broken.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private BackupException failure(Kind kind, String fact) {
    return kind.failure("read", target.location() + "/" + object.name(), fact);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    InputStream open = current;
    current = null;
    if (open != null) {
      open.close();
    }
  }
}
