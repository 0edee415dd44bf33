package dev.openmemory.backup.internal.signature;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads fields of the SSH protocol (RFC 4251). What is cut off or too long is malformed. */
final class SshBytes {
  private final ByteBuffer bytes;

  SshBytes(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  /** Takes these bytes; others are malformed. */
  void expect(byte[] wanted) throws MalformedException {
    if (!Arrays.equals(raw(wanted.length), wanted)) {
      throw new MalformedException("it does not begin as such a file does");
    }
  }

  int number() throws MalformedException {
    try {
      return bytes.getInt();
    } catch (BufferUnderflowException e) {
      throw new MalformedException("it is cut off");
    }
  }

  byte[] string() throws MalformedException {
    return raw(number());
  }

  String text() throws MalformedException {
    return new String(string(), StandardCharsets.UTF_8);
  }

  void end() throws MalformedException {
    if (bytes.hasRemaining()) {
      throw new MalformedException("it has " + bytes.remaining() + " bytes too many");
    }
  }

  private byte[] raw(int length) throws MalformedException {
    if (length < 0 || length > bytes.remaining()) {
      throw new MalformedException("it is cut off");
    }
    byte[] found = new byte[length];
    bytes.get(found);
    return found;
  }
}
