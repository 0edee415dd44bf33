package dev.openmemory.backup.testkit.qdrant;

import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The head of a request, and a body that may not have been read yet. */
final class DoubleRequest {
  private static final int LONGEST_LINE = 16_384;

  private final String method;
  private final String target;
  private final Map<String, String> headers;
  private final InputStream in;
  private boolean bodyTaken;
  private Runnable whenRead = () -> {};

  private DoubleRequest(String method, String target, Map<String, String> headers, InputStream in) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.in = in;
  }

  /** The next request of a connection, or null at its end. */
  static @Nullable DoubleRequest next(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    String[] parts = first.split(" ", -1);
    if (parts.length != 3) {
      throw new IOException("no request: " + first);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
    return new DoubleRequest(parts[0], parts[1], headers, in);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
      if (line.length() > LONGEST_LINE) {
        throw new IOException("a line without end");
      }
    }
    return line.toString();
  }

  String method() {
    return method;
  }

  /** The method, and the path with its query, as they came. */
  String line() {
    return method + " " + target;
  }

  /** The parts of the path, decoded. */
  List<String> path() {
    List<String> parts = new ArrayList<>();
    for (String part : target.replaceFirst("\\?.*", "").split("/", -1)) {
      parts.add(decoded(part));
    }
    return parts.subList(1, parts.size());
  }

  String query(String name, String absent) {
    int mark = target.indexOf('?');
    for (String pair : mark < 0 ? new String[0] : target.substring(mark + 1).split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return decoded(pair.substring(name.length() + 1));
      }
    }
    return absent;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  long bodyLength() {
    return Long.parseLong(headers.getOrDefault("content-length", "0"));
  }

  /** Whether bytes of the body are still to come. */
  boolean isBodyLeft() {
    return !bodyTaken && bodyLength() > 0;
  }

  /** Runs it as soon as the request has come in completely. */
  void whenRead(Runnable action) {
    if (bodyLength() == 0) {
      action.run();
    } else {
      whenRead = action;
    }
  }

  /** The body. The caller reads it to its end. */
  InputStream body() {
    bodyTaken = true;
    return new Limited(in, bodyLength(), whenRead);
  }

  /** The body as JSON; an empty object when there is none. */
  Map<String, @Nullable Object> json() throws IOException {
    byte[] text = body().readAllBytes();
    return text.length == 0 ? new LinkedHashMap<>() : Json.readObject(text, target);
  }

  /** As many bytes of a connection, no more. */
  private static final class Limited extends BlockInputStream {
    private final InputStream in;
    private final Runnable atEnd;
    private long left;

    Limited(InputStream in, long length, Runnable atEnd) {
      this.in = in;
      this.left = length;
      this.atEnd = atEnd;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("cut in the middle of a body");
      }
      left -= count;
      if (left == 0) {
        atEnd.run();
      }
      return count;
    }
  }
}
