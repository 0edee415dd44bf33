package dev.openmemory.backup.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A Qdrant with one collection and a snapshot too large to be stored anywhere: it is made while it
 * is sent, and what is uploaded is only digested.
 */
final class HugeSnapshotServer implements AutoCloseable {
  static final String COLLECTION = "huge";
  private static final String SNAPSHOT = "huge-1-2026-01-01-00-00-00.snapshot";
  private static final int BUFFER = 256 * 1024;

  private final long fileBytes;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String sha256;
  private final long size;
  private volatile boolean collection = true;
  private volatile String uploaded = "";

  private HugeSnapshotServer(long fileBytes, HttpServer server) throws Exception {
    this.fileBytes = fileBytes;
    this.server = server;
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Counting counted = new Counting();
    writeSnapshot(new DigestOutputStream(counted, digest));
    this.sha256 = HexFormat.of().formatHex(digest.digest());
    this.size = counted.bytes;
  }

  static HugeSnapshotServer start(long fileBytes) throws Exception {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    HugeSnapshotServer huge = new HugeSnapshotServer(fileBytes, http);
    http.createContext("/", huge::answer);
    http.setExecutor(huge.threads);
    http.start();
    return huge;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Forgets the collection, so that a restore has nothing to set aside. */
  void dropCollection() {
    collection = false;
  }

  String sha256() {
    return sha256;
  }

  /** The digest of the file that was uploaded last with the right checksum. */
  String uploaded() {
    return uploaded;
  }

  private void writeSnapshot(OutputStream out) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    entry(tar, "config.json", config.length);
    tar.write(config);
    tar.closeArchiveEntry();
    entry(tar, "0/segments/vectors.dat", fileBytes);
    byte[] block = new byte[BUFFER];
    for (long left = fileBytes; left > 0; left -= Math.min(left, block.length)) {
      block[0] = (byte) (left >>> 18);
      tar.write(block, 0, (int) Math.min(left, block.length));
    }
    tar.closeArchiveEntry();
    tar.finish();
  }

  private static void entry(TarArchiveOutputStream tar, String name, long bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes);
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String request = exchange.getRequestMethod() + " " + path;
      String below = "/collections/" + COLLECTION;
      switch (request.replace(below, "C")) {
        case "GET /" -> text(exchange, 200, "{\"title\":\"qdrant\",\"version\":\"1.18.3\"}");
        case "GET /collections" ->
            ok(exchange, "{\"collections\":[" + (collection ? named() : "") + "]}");
        case "GET /aliases" -> ok(exchange, "{\"aliases\":[]}");
        case "GET C" -> collection(exchange);
        case "POST C/points/count" -> ok(exchange, "{\"count\":0}");
        case "POST C/points/scroll" -> ok(exchange, "{\"points\":[],\"next_page_offset\":null}");
        case "GET C/snapshots" -> ok(exchange, "[]");
        case "POST C/snapshots" -> ok(exchange, described());
        case "GET C/snapshots/" + SNAPSHOT -> download(exchange);
        case "DELETE C/snapshots/" + SNAPSHOT -> ok(exchange, "true");
        case "POST C/snapshots/upload" -> upload(exchange);
        default -> text(exchange, 404, "{\"status\":{\"error\":\"Not found\"}}");
      }
    }
  }

  private static String named() {
    return "{\"name\":\"" + COLLECTION + "\"}";
  }

  private String described() {
    return "{\"name\":\""
        + SNAPSHOT
        + "\",\"size\":"
        + size
        + ",\"creation_time\":\"2026-01-01T00:00:00\",\"checksum\":\""
        + sha256
        + "\"}";
  }

  private void collection(HttpExchange exchange) throws IOException {
    if (!collection) {
      text(exchange, 404, "{\"status\":{\"error\":\"Not found: Collection\"}}");
      return;
    }
    ok(
        exchange,
        "{\"points_count\":0,\"config\":{\"params\":{\"vectors\":{\"size\":4,\"distance\":"
            + "\"Cosine\"},\"shard_number\":1}},\"update_queue\":{\"length\":0}}");
  }

  private void download(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("ETag", "\"1\"");
    exchange.sendResponseHeaders(200, size);
    writeSnapshot(exchange.getResponseBody());
  }

  /** The file is between the head of the form, which ends with an empty line, and its tail. */
  private void upload(HttpExchange exchange) throws IOException {
    long length = Long.parseLong(exchange.getRequestHeaders().getFirst("Content-Length"));
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    int tail = ("\r\n--" + type.replaceFirst(".*boundary=", "") + "--\r\n").length();
    String found = digestFile(exchange.getRequestBody(), length, tail);
    if (!exchange.getRequestURI().getQuery().contains("checksum=" + found)) {
      text(exchange, 400, "{\"status\":{\"error\":\"Checksum mismatch: expected\"}}");
      return;
    }
    uploaded = found;
    collection = true;
    ok(exchange, "true");
  }

  private static String digestFile(InputStream in, long length, int tail) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    long head = 0;
    int last = 0;
    while (last != 0x0d0a0d0a) {
      last = (last << 8) | in.read();
      head++;
    }
    byte[] buffer = new byte[BUFFER];
    for (long left = length - head - tail; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      digest.update(buffer, 0, count);
      left -= count;
    }
    in.readNBytes(tail);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void ok(HttpExchange exchange, String result) throws IOException {
    text(exchange, 200, "{\"result\":" + result + ",\"status\":\"ok\",\"time\":0.0}");
  }

  private static void text(HttpExchange exchange, int status, String json) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static final class Counting extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes += length;
    }
  }
}
