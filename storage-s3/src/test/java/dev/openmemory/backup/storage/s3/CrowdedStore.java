package dev.openmemory.backup.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A bucket in memory among the objects of others, with the requests that small backups need: no
 * uploads in parts, and no conditions. It counts lists.
 */
final class CrowdedStore implements Closeable {
  private static final int PAGE = 1000;
  private static final String DATE = "2026-11-23T00:00:00.000Z";

  private final HttpServer server;
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final Map<String, String> writeIds = new ConcurrentSkipListMap<>();
  private final AtomicInteger lists = new AtomicInteger();

  private CrowdedStore(HttpServer server) {
    this.server = server;
  }

  static CrowdedStore with(Stream<String> foreign) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CrowdedStore store = new CrowdedStore(server);
    byte[] empty = {};
    foreign.forEach(key -> store.objects.put(key, empty));
    server.createContext("/", store::answer);
    server.start();
    return store;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  int lists() {
    return lists.get();
  }

  Collection<String> keys() {
    return objects.keySet();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String key = exchange.getRequestURI().getPath().replaceFirst("^/[^/]*/?", "");
    Map<String, String> query = query(exchange.getRequestURI());
    try (exchange) {
      if (query.containsKey("list-type")) {
        send(exchange, 200, list(query).getBytes(StandardCharsets.UTF_8));
      } else if (!query.isEmpty()) {
        send(exchange, 501, new byte[0]);
      } else if (exchange.getRequestMethod().equals("PUT")) {
        objects.put(key, body);
        writeIds.put(
            key,
            Objects.requireNonNullElse(
                exchange.getRequestHeaders().getFirst("x-amz-meta-openmemory-write"), ""));
        send(exchange, 200, new byte[0]);
      } else if (exchange.getRequestMethod().equals("DELETE")) {
        objects.remove(key);
        send(exchange, 204, new byte[0]);
      } else {
        get(exchange, key);
      }
    }
  }

  private void get(HttpExchange exchange, String key) throws IOException {
    byte[] object = objects.get(key);
    if (object == null) {
      send(exchange, 404, new byte[0]);
      return;
    }
    exchange.getResponseHeaders().add("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT");
    exchange
        .getResponseHeaders()
        .add("x-amz-meta-openmemory-write", writeIds.getOrDefault(key, ""));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", String.valueOf(object.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      send(exchange, 200, object);
    }
  }

  private String list(Map<String, String> query) {
    lists.incrementAndGet();
    String prefix = query.getOrDefault("prefix", "");
    String delimiter = query.getOrDefault("delimiter", "");
    String from = query.getOrDefault("continuation-token", query.getOrDefault("start-after", ""));
    List<String> found = new ArrayList<>();
    String last = from.compareTo(prefix) < 0 ? objects.ceilingKey(prefix) : objects.higherKey(from);
    String seen = from;
    for (int count = 0; last != null && last.startsWith(prefix) && count < PAGE; count++) {
      int end = delimiter.isEmpty() ? -1 : last.indexOf(delimiter, prefix.length());
      if (end < 0) {
        found.add(
            "<Contents><Key>"
                + last
                + "</Key><LastModified>"
                + DATE
                + "</LastModified><Size>"
                + Objects.requireNonNull(objects.get(last)).length
                + "</Size></Contents>");
        seen = last;
      } else {
        String common = last.substring(0, end + 1);
        found.add("<CommonPrefixes><Prefix>" + common + "</Prefix></CommonPrefixes>");
        seen = common + '~';
      }
      last = objects.higherKey(seen);
    }
    boolean truncated = last != null && last.startsWith(prefix);
    return "<ListBucketResult><IsTruncated>"
        + truncated
        + "</IsTruncated>"
        + (truncated ? "<NextContinuationToken>" + seen + "</NextContinuationToken>" : "")
        + String.join("", found)
        + "</ListBucketResult>";
  }

  private static Map<String, String> query(URI uri) {
    return uri.getRawQuery() == null
        ? Map.of()
        : Stream.of(uri.getRawQuery().split("&", -1))
            .map(pair -> pair.split("=", 2))
            .collect(
                Collectors.toMap(
                    pair -> pair[0],
                    pair ->
                        pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
