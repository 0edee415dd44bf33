package dev.openmemory.backup.age.internal.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes before the first chunk: lines of text, of which the last is marked, and a nonce. */
final class Header {
  private static final String LAST_LINE = "---";
  private static final int NONCE_BYTES = 16;
  private static final int MOST_BYTES = 1 << 20;

  private Header() {}

  /** Reads so far, and no byte more; fewer bytes when it is cut off or longer than any header. */
  static ByteBuffer read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean last = false;
    while (!last && bytes.size() < MOST_BYTES) {
      String line = line(in);
      bytes.writeBytes(line.getBytes(StandardCharsets.ISO_8859_1));
      last = line.isEmpty() || line.startsWith(LAST_LINE);
    }
    bytes.writeBytes(in.readNBytes(NONCE_BYTES));
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < MOST_BYTES) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      line.write(b);
      if (b == '\n') {
        break;
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
