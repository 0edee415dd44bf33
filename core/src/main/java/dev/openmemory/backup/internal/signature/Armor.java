package dev.openmemory.backup.internal.signature;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Base64 between two lines that name what it is. */
enum Armor {
  SIGNATURE("SSH SIGNATURE"),
  PRIVATE_KEY("OPENSSH PRIVATE KEY");

  /** As ssh-keygen breaks lines. */
  private static final String LINE = ".{70}";

  private final String begin;
  private final String end;

  Armor(String content) {
    this.begin = "-----BEGIN " + content + "-----";
    this.end = "-----END " + content + "-----";
  }

  boolean begins(String text) {
    return text.stripLeading().startsWith(begin);
  }

  byte[] wrap(byte[] content) {
    String lines = Base64.getEncoder().encodeToString(content).replaceAll(LINE, "$0\n").strip();
    return (begin + "\n" + lines + "\n" + end + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  byte[] unwrap(String text) throws MalformedException {
    String stripped = text.strip();
    if (!stripped.startsWith(begin) || !stripped.endsWith(end)) {
      throw new MalformedException("it has no lines '" + begin + "' and '" + end + "'");
    }
    String lines = stripped.substring(begin.length(), stripped.length() - end.length());
    try {
      return Base64.getDecoder().decode(lines.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("it is no base64");
    }
  }
}
