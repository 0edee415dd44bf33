package dev.openmemory.backup.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.openmemory.backup.storage.s3.internal.client.S3Requests;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The few answers of S3 that one large object needs, from a store that no disk limits: it checks
 * each byte that it gets against {@link Pattern} and keeps none of them.
 */
final class GeneratedStore implements Closeable {
  /** Bytes of which each position can be told, cheaper than random ones. */
  interface Pattern {
    /** Fills the block that begins at the offset, a multiple of {@link #BLOCK}. */
    void fill(byte[] block, long offset);
  }

  static final int BLOCK = 1 << 20;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final Pattern pattern;
  private final long partSize;
  private final Map<Integer, Long> parts = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable String> writeId = new AtomicReference<>();
  private volatile boolean complete;

  private GeneratedStore(HttpServer server, Pattern pattern, long partSize) {
    this.server = server;
    this.pattern = pattern;
    this.partSize = partSize;
  }

  /**
   * Starts one.
   *
   * @param partSize of all parts but the last, so that their offsets are known
   */
  static GeneratedStore start(Pattern pattern, long partSize) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    GeneratedStore store = new GeneratedStore(server, pattern, partSize);
    server.setExecutor(store.threads);
    server.createContext("/", store::answer);
    server.start();
    return store;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Of the object, once it is complete. */
  long size() {
    return complete ? parts.values().stream().mapToLong(Long::longValue).sum() : 0;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    boolean hidden = exchange.getRequestURI().getPath().contains("/.openmemory-backup/");
    try (exchange) {
      switch (exchange.getRequestMethod()) {
        case "PUT" -> put(exchange, query, hidden);
        case "POST" -> post(exchange, query);
        case "HEAD" -> head(exchange);
        case "GET" -> get(exchange, query);
        default -> send(exchange, 204, "");
      }
    }
  }

  private void put(HttpExchange exchange, String query, boolean hidden) throws IOException {
    if (hidden) {
      exchange.getRequestBody().readAllBytes();
      boolean conditional = exchange.getRequestHeaders().containsKey("If-None-Match");
      send(exchange, conditional ? 501 : 200, "");
      return;
    }
    int number = Integer.parseInt(query.replaceFirst(".*partNumber=(\\d+).*", "$1"));
    long size = check(exchange.getRequestBody(), (number - 1) * partSize);
    parts.put(number, size);
    exchange.getResponseHeaders().add("ETag", "\"" + number + "\"");
    send(exchange, size < 0 ? 400 : 200, "");
  }

  /** How many bytes came, or -1 when one of them was wrong. */
  private long check(InputStream body, long offset) throws IOException {
    byte[] expected = new byte[BLOCK];
    long size = 0;
    while (true) {
      byte[] block = body.readNBytes(BLOCK);
      if (block.length == 0) {
        return size;
      }
      pattern.fill(expected, offset + size);
      if (Arrays.mismatch(block, 0, block.length, expected, 0, block.length) >= 0) {
        return -1;
      }
      size += block.length;
    }
  }

  private void post(HttpExchange exchange, String query) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (query.contains("uploadId")) {
      complete = true;
      send(
          exchange,
          200,
          "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>");
    } else {
      writeId.set(exchange.getRequestHeaders().getFirst("x-amz-meta-" + S3Requests.WRITE_ID));
      send(
          exchange,
          200,
          "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
    }
  }

  private void head(HttpExchange exchange) throws IOException {
    if (complete) {
      exchange.getResponseHeaders().add("Content-Length", String.valueOf(size()));
      exchange.getResponseHeaders().add("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT");
      exchange.getResponseHeaders().add("x-amz-meta-" + S3Requests.WRITE_ID, writeId.get());
    }
    exchange.sendResponseHeaders(complete ? 200 : 404, -1);
  }

  private void get(HttpExchange exchange, String query) throws IOException {
    if (query.contains("list-type")) {
      send(exchange, 200, "<ListBucketResult></ListBucketResult>");
    } else if (query.contains("uploads")) {
      send(exchange, 200, "<ListMultipartUploadsResult></ListMultipartUploadsResult>");
    } else {
      exchange.getResponseHeaders().add("ETag", "\"e\"");
      exchange.sendResponseHeaders(200, size());
      OutputStream out = exchange.getResponseBody();
      byte[] block = new byte[BLOCK];
      for (long at = 0; at < size(); at += BLOCK) {
        pattern.fill(block, at);
        out.write(block, 0, (int) Math.min(BLOCK, size() - at));
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String xml) throws IOException {
    byte[] body = xml.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
