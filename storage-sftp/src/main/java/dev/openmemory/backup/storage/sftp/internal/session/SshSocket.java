package dev.openmemory.backup.storage.sftp.internal.session;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket that keeps how the other side greeted, for messages about servers that are no sshd. */
public sealed class SshSocket extends Socket permits CommandSocket {
  private static final int MOST_BYTES = 80;

  private final ByteArrayOutputStream heard = new ByteArrayOutputStream(MOST_BYTES);

  /** The beginning of the first line, printable; empty when nothing came. */
  public String greeting() {
    String text = heard.toString(StandardCharsets.US_ASCII);
    return text.lines().findFirst().orElse("").replaceAll("[^ -~]", "?");
  }

  /** Without an exception, from any thread. */
  public void abort() {
    try {
      close();
    } catch (IOException e) {
      // What was waited for on it fails by itself.
      return;
    }
  }

  /** Why nothing comes any more, as far as this host knows; empty as a rule. */
  public String end() {
    return "";
  }

  @Override
  public final InputStream getInputStream() throws IOException {
    return new Heard(openInput());
  }

  InputStream openInput() throws IOException {
    return super.getInputStream();
  }

  /** sshj reads the greeting byte by byte, and all else in pieces. */
  private final class Heard extends FilterInputStream {
    Heard(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      if (b >= 0 && heard.size() < MOST_BYTES) {
        heard.write(b);
      }
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, length);
    }
  }
}
