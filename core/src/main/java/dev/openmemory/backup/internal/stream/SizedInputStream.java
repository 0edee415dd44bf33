package dev.openmemory.backup.internal.stream;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Fails when a file without a digest has another length than when it was listed. */
public final class SizedInputStream extends BlockFilterInputStream {
  private final long size;
  private final String subject;
  private long count;

  public SizedInputStream(InputStream in, long size, String subject) {
    super(in);
    this.size = size;
    this.subject = subject;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int got = super.read(bytes, offset, length);
    count += Math.max(0, got);
    if (count > size || (got < 0 && count != size)) {
      throw Kind.INCONSISTENT.failure(
          "export",
          subject,
          "changed meanwhile: it had " + size + " bytes, now there are " + count);
    }
    return got;
  }
}
