package dev.openmemory.backup.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request to a store as it came over the wire, without its body.
 *
 * @param target path and query as they are signed
 * @param headers lines of a name and a value
 */
record StoreRequest(String method, String target, List<String> headers) {
  /** What the request asks for, as S3 tells it from method and query. */
  enum Kind implements Predicate<StoreRequest> {
    PUT_OBJECT("PUT", ""),
    PUT_PART("PUT", "partNumber"),
    CREATE("POST", "uploads"),
    COMPLETE("POST", "uploadId"),
    ABORT("DELETE", "uploadId"),
    DELETE("DELETE", ""),
    GET("GET", ""),
    HEAD("HEAD", ""),
    LIST("GET", "list-type"),
    LIST_UPLOADS("GET", "uploads"),
    LIST_PARTS("GET", "uploadId");

    private final String method;
    private final String parameter;

    Kind(String method, String parameter) {
      this.method = method;
      this.parameter = parameter;
    }

    @Override
    public boolean test(StoreRequest request) {
      return request.method.equals(method)
          && (parameter.isEmpty()
              ? request.query().isEmpty()
              : request.parameter(parameter).isPresent());
    }

    /** Those to keys that are ours and no objects. */
    Predicate<StoreRequest> hidden() {
      return and(StoreRequest::isHidden);
    }

    /** Those to objects. */
    Predicate<StoreRequest> visible() {
      return and(request -> !request.isHidden());
    }

    /** Those to objects, for the part of that number. */
    Predicate<StoreRequest> part(int number) {
      return visible()
          .and(
              request ->
                  request.parameter("partNumber").equals(Optional.of(String.valueOf(number))));
    }
  }

  /** The next request of a connection; null at its end. */
  static @Nullable StoreRequest read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    List<String> headers = new ArrayList<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      headers.add(line);
    }
    String[] words = first.split(" ", -1);
    return new StoreRequest(words[0], words[1], headers);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        if (line.length() > 0) {
          throw new EOFException("in the middle of " + line);
        }
        return null;
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Of the kinds, the first that fits; that of a whole bucket has none. */
  Optional<Kind> kind() {
    return List.of(Kind.values()).stream().filter(kind -> kind.test(this)).findFirst();
  }

  /** The object's key, in path style. */
  String key() {
    String path = target.split("\\?", 2)[0];
    int slash = path.indexOf('/', 1);
    return slash < 0
        ? ""
        : URLDecoder.decode(path.substring(slash + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  boolean isHidden() {
    return (key() + query()).contains(".openmemory-backup");
  }

  Optional<String> header(String name) {
    return headers.stream()
        .filter(line -> isNamed(line, name))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  StoreRequest without(String header) {
    return new StoreRequest(
        method, target, headers.stream().filter(line -> !isNamed(line, header)).toList());
  }

  long bodyLength() {
    return header("Content-Length").map(Long::parseLong).orElse(0L);
  }

  /** As it goes to the store, which closes the connection after it and sends no chunks. */
  byte[] head() {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.0\r\n");
    without("Connection").headers().forEach(line -> head.append(line).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private String query() {
    String[] parts = target.split("\\?", 2);
    return parts.length < 2 ? "" : parts[1];
  }

  private Optional<String> parameter(String name) {
    return List.of(query().split("&", -1)).stream()
        .filter(pair -> pair.equals(name) || pair.startsWith(name + "="))
        .map(pair -> pair.substring(Math.min(pair.length(), name.length() + 1)))
        .findFirst();
  }

  private static boolean isNamed(String line, String header) {
    return line.toLowerCase(Locale.ROOT).startsWith(header.toLowerCase(Locale.ROOT) + ":");
  }
}
