package dev.openmemory.backup.internal.stream;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.text.Sha256;
import java.security.MessageDigest;

/** Counts and digests the bytes that pass. */
public final class Sha256Counter {
  private final MessageDigest sha256 = Sha256.start();
  private long size;

  public void add(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
    size += length;
  }

  public long size() {
    return size;
  }

  /** The digest of all so far; to be asked once. */
  public Digest digest() {
    return new Digest(size, Sha256.hex(sha256));
  }
}
