package dev.openmemory.backup.internal.stream;

import dev.openmemory.backup.Manifest.Digest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and digests the bytes that pass; SHA-256 is in every Java platform. */
public final class Sha256Counter {
  private final MessageDigest sha256 = newSha256();
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
    return new Digest(size, HexFormat.of().formatHex(sha256.digest()));
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
