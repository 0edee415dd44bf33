package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.stream.Sha256Counter;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Bytes that should have a certain size and digest: too many are {@code CORRUPT} as soon as they
 * appear, the wrong ones at the end, in place of the end.
 */
public final class CheckedInputStream extends BlockInputStream {
  private final InputStream in;
  private final Digest expected;
  private final String subject;
  private final Sha256Counter measuring = new Sha256Counter();
  private boolean ended;

  /**
   * Checks a stream.
   *
   * @param subject what the bytes are, for messages
   */
  public CheckedInputStream(InputStream in, Digest expected, String subject) {
    this.in = in;
    this.expected = expected;
    this.subject = subject;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (ended || length == 0) {
      return ended ? -1 : 0;
    }
    int count = in.read(bytes, offset, length);
    if (count < 0) {
      ended = true;
      compare(measuring.digest());
      return -1;
    }
    measuring.add(bytes, offset, count);
    if (measuring.size() > expected.size()) {
      throw corrupt("has more than the stated " + expected.size() + " bytes");
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void compare(Digest actual) throws BackupException {
    if (actual.size() != expected.size()) {
      throw corrupt("ends after " + actual.size() + " of " + expected.size() + " bytes");
    }
    if (!actual.sha256().equals(expected.sha256())) {
      throw corrupt("SHA-256 is " + actual.sha256() + ", the manifest says " + expected.sha256());
    }
  }

  private BackupException corrupt(String what) {
    return Kind.CORRUPT.failure("check", subject, what);
  }
}
