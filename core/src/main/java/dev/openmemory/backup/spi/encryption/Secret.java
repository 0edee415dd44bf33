package dev.openmemory.backup.spi.encryption;

import java.nio.charset.StandardCharsets;

/** A passphrase or the content of a key file. Immutable; shows nothing of it as a text. */
public final class Secret {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies the bytes. */
  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** The text in UTF-8. */
  public static Secret of(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes as UTF-8. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Whether it has no byte. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
