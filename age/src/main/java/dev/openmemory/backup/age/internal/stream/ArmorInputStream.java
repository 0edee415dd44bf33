package dev.openmemory.backup.age.internal.stream;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the lines of an armor stand for. Each text but one that age would write is refused. */
final class ArmorInputStream extends BlockInputStream {
  static final String BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----";
  static final String END = "-----END AGE ENCRYPTED FILE-----";
  static final int COLUMNS = 64;
  private static final int MOST_SPACE = 1024;

  private final InputStream in;
  private final String subject;
  private byte[] line = new byte[0];
  private int at;
  private boolean begun;
  private boolean partial;
  private boolean ended;
  private @Nullable IOException failure;

  /** Reads from there, where an armor begins; many single bytes. */
  ArmorInputStream(InputStream in, String subject) {
    this.in = in;
    this.subject = subject;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (at == line.length && !hasNext()) {
      return -1;
    }
    int count = Math.min(length, line.length - at);
    System.arraycopy(line, at, bytes, offset, count);
    at += count;
    return count;
  }

  private boolean hasNext() throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      return !ended && nextLine();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private boolean nextLine() throws IOException {
    if (!begun) {
      begun = true;
      require(text().equals(BEGIN), "its first line is another one");
    }
    String text = text();
    if (text.equals(END)) {
      ended = true;
      requireNothingMore();
      return false;
    }
    require(!partial && !text.isEmpty() && text.length() <= COLUMNS, "a line is too long or short");
    line = decoded(text);
    at = 0;
    partial = line.length < COLUMNS / 4 * 3;
    return true;
  }

  private byte[] decoded(String text) throws BackupException {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      // Several texts stand for the same bytes; one of them is written.
      require(Base64.getEncoder().encodeToString(bytes).equals(text), "a line is not canonical");
      return bytes;
    } catch (IllegalArgumentException e) {
      throw AgeDecryptor.damaged(subject, "its armor is damaged: a line is not Base64", e);
    }
  }

  private String text() throws IOException {
    byte[] bytes = new byte[COLUMNS + 2];
    int length = 0;
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 && length > 0) {
        break;
      }
      require(b >= 0, "it is cut off");
      require(length < bytes.length, "a line is too long");
      bytes[length++] = (byte) b;
    }
    int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
    return new String(Arrays.copyOf(bytes, end), StandardCharsets.ISO_8859_1);
  }

  private void requireNothingMore() throws IOException {
    byte[] rest = in.readNBytes(MOST_SPACE + 1);
    require(
        rest.length <= MOST_SPACE && new String(rest, StandardCharsets.ISO_8859_1).isBlank(),
        "there is something behind its end");
  }

  private void require(boolean holds, String otherwise) throws BackupException {
    if (!holds) {
      throw AgeDecryptor.damaged(subject, "its armor is damaged: " + otherwise, null);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
