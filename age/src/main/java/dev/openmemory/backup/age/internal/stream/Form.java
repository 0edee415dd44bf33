package dev.openmemory.backup.age.internal.stream;

import dev.openmemory.backup.BackupException.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Whether bytes are an age file, and whether it is in armor, as their beginning shows it. */
public final class Form {
  private static final String VERSION = "age-encryption.org/";

  /** As the program age has it. */
  private static final int MOST_SPACE = 1024;

  private static final int BUFFER = 64 * 1024;

  private Form() {}

  /** The file without its armor, if it has one. */
  static InputStream unarmored(InputStream encrypted, String subject) throws IOException {
    BufferedInputStream bytes = new BufferedInputStream(encrypted, BUFFER);
    bytes.mark(BUFFER);
    String start = new String(bytes.readNBytes(MOST_SPACE), StandardCharsets.US_ASCII);
    bytes.reset();
    if (start.startsWith(VERSION + "v1\n")) {
      return bytes;
    }
    String text = start.stripLeading();
    if (text.startsWith(ArmorInputStream.BEGIN)) {
      bytes.skipNBytes(start.length() - text.length());
      return new BufferedInputStream(new ArmorInputStream(bytes, subject));
    }
    throw Kind.CORRUPT.failure("decrypt", subject, "it does not begin as an age file does");
  }

  /** The file as text, as age writes it. */
  public static byte[] armored(byte[] file) {
    byte[] lineEnd = {'\n'};
    String lines = Base64.getMimeEncoder(ArmorInputStream.COLUMNS, lineEnd).encodeToString(file);
    return (ArmorInputStream.BEGIN + "\n" + lines + "\n" + ArmorInputStream.END + "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether the content is encrypted, whatever the state of its end. */
  public static boolean isEncrypted(String content) {
    return content.startsWith(VERSION) || content.stripLeading().startsWith(ArmorInputStream.BEGIN);
  }
}
