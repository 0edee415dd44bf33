package dev.openmemory.backup.internal.signature;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes fields of the SSH protocol (RFC 4251). */
final class SshFields {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  SshFields raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  SshFields octet(byte value) {
    return raw(new byte[] {value});
  }

  SshFields number(int value) {
    return raw(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  SshFields string(byte[] bytes) {
    return number(bytes.length).raw(bytes);
  }

  SshFields text(String text) {
    return string(text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
