package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;

/** A document that fits in memory. */
public final class SmallContent implements Content {
  private final byte[] bytes;
  private final Cancellation cancellation;

  public SmallContent(byte[] bytes) {
    this(bytes, new Cancellation());
  }

  /** The cancellation ends each write. */
  public SmallContent(byte[] bytes, Cancellation cancellation) {
    this.bytes = bytes.clone();
    this.cancellation = cancellation;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    cancellation.check();
    out.write(bytes);
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public OptionalLong sizeHint() {
    return OptionalLong.of(bytes.length);
  }

  /** Reads a document of at most so many bytes; a larger one is {@code CORRUPT}. */
  public static byte[] read(BackupTarget target, ObjectName name, int limit) throws IOException {
    try (InputStream in = target.read(name, 0)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw Kind.CORRUPT.failure(
            "read", target.location() + "/" + name, "larger than " + limit + " bytes");
      }
      return bytes;
    }
  }
}
