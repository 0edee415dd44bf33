package dev.openmemory.backup.internal.qdrant.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers with what a real Qdrant answered: each path with its recordings in the order in which
 * they were named, and with the last of them from then on.
 */
final class ReplayServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Deque<Map<?, ?>>> answers = new HashMap<>();
  private final Map<String, byte[]> binaries = new HashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());

  private ReplayServer(HttpServer server) {
    this.server = server;
  }

  /** Of the recordings of these names. */
  static ReplayServer of(String... names) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ReplayServer replay = new ReplayServer(http);
    for (String name : names) {
      replay.add(name);
    }
    http.createContext("/", replay::answer);
    http.start();
    return replay;
  }

  private void add(String name) throws IOException {
    Map<String, @Nullable Object> recording = recording(name);
    Map<?, ?> request = map(recording, "request");
    answers
        .computeIfAbsent(
            request.get("method") + " " + request.get("path"), path -> new ArrayDeque<>())
        .add(map(recording, "response"));
  }

  static Map<String, @Nullable Object> recording(String name) throws IOException {
    return Json.readObject(resource("exchanges/" + name + ".json"), name);
  }

  /** The words of an error that was recorded. */
  static String error(String name) throws IOException {
    Map<?, ?> body = map(map(recording(name), "response"), "body");
    return String.valueOf(map(body, "status").get("error"));
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = ReplayServer.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** What was left out of the recordings of a path because it is large. */
  ReplayServer binary(String path, byte[] content) {
    binaries.put("GET " + path, content);
    return this;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  /** The keys that were shown, one for each request. */
  List<String> keys() {
    return List.copyOf(keys);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("api-key")));
      exchange.getRequestBody().readAllBytes();
      Deque<Map<?, ?>> left = answers.get(asked);
      if (left == null) {
        throw new IOException("nothing was recorded for " + asked);
      }
      Map<?, ?> response = left.size() > 1 ? left.removeFirst() : left.getFirst();
      send(exchange, response, binaries.getOrDefault(asked, new byte[0]));
    }
  }

  private static void send(HttpExchange exchange, Map<?, ?> response, byte[] binary)
      throws IOException {
    byte[] body = response.containsKey("bodyBinary") ? binary : body(response);
    map(response, "headers")
        .forEach(
            (name, value) -> {
              if (!name.equals("content-length") && !name.equals("date")) {
                exchange.getResponseHeaders().add(name.toString(), value.toString());
              }
            });
    long length = body.length == 0 ? -1 : body.length;
    exchange.sendResponseHeaders(
        ((Number) Objects.requireNonNull(response.get("status"))).intValue(), length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] body(Map<?, ?> response) {
    Object body = response.get("body");
    String text =
        body == null ? String.valueOf(response.get("bodyText")) : Json.canonical(complete(body));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Without the lines that say how much was left out of a recording. */
  private static @Nullable Object complete(@Nullable Object tree) {
    if (tree instanceof List<?> list) {
      List<@Nullable Object> kept = new ArrayList<>();
      for (Object item : list) {
        if (!(item instanceof String text && text.startsWith("... "))) {
          kept.add(complete(item));
        }
      }
      return kept;
    }
    if (tree instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> kept = new HashMap<>();
      map.forEach((name, value) -> kept.put(name.toString(), complete(value)));
      return kept;
    }
    return tree;
  }

  private static Map<?, ?> map(Map<?, ?> holder, String name) {
    return (Map<?, ?>) Objects.requireNonNull(holder.get(name), name);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
