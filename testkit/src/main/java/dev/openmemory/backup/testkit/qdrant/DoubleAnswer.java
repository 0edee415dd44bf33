package dev.openmemory.backup.testkit.qdrant;

import dev.openmemory.backup.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer: a text, or a part of a file. */
final class DoubleAnswer extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final LinkedHashMap<String, String> headers = new LinkedHashMap<>();
  private final byte[] text;
  private final transient @Nullable Path file;
  private final long start;
  private final long length;

  private DoubleAnswer(
      int status, String type, byte[] text, @Nullable Path file, long start, long length) {
    super("answer " + status, null, false, false);
    this.status = status;
    this.text = text;
    this.file = file;
    this.start = start;
    this.length = length;
    if (!type.isEmpty()) {
      headers.put("content-type", type);
    }
  }

  static DoubleAnswer json(int status, Object tree) {
    byte[] text = Json.canonical(tree).getBytes(StandardCharsets.UTF_8);
    return new DoubleAnswer(status, "application/json", text, null, 0, text.length);
  }

  static DoubleAnswer result(Object result) {
    return json(200, Map.of("result", result, "status", "ok", "time", 0.001));
  }

  /** The answer of {@code wait=false}. */
  static DoubleAnswer accepted() {
    return json(202, Map.of("status", "accepted", "time", 0.001));
  }

  static DoubleAnswer error(int status, String words) {
    return json(status, Map.of("status", Map.of("error", words), "time", 0.001));
  }

  static DoubleAnswer noCollection(String name) {
    return error(404, "Not found: Collection `" + name + "` doesn't exist!");
  }

  static DoubleAnswer plain(int status, String words) {
    return text(status, "text/plain; charset=utf-8", words);
  }

  static DoubleAnswer text(int status, String type, String words) {
    byte[] text = words.getBytes(StandardCharsets.UTF_8);
    return new DoubleAnswer(status, type, text, null, 0, text.length);
  }

  static DoubleAnswer file(int status, Path file, long start, long length) {
    return new DoubleAnswer(status, "application/octet-stream", new byte[0], file, start, length);
  }

  DoubleAnswer with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] text() {
    return text;
  }

  @Nullable Path file() {
    return file;
  }

  long start() {
    return start;
  }

  long length() {
    return length;
  }
}
