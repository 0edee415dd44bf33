package dev.openmemory.backup.docker.internal.engine;

import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A server on a unix socket that answers as it is told, one request per connection. */
public final class EngineDouble implements Closeable {
  /** Writes a whole answer, or less than that. */
  public interface Answer {
    void write(OutputStream out) throws IOException;
  }

  /** As {@link Answer}, for what depends on the request. */
  public interface Handler {
    void write(Request request, OutputStream out) throws IOException;
  }

  /**
   * One request.
   *
   * @param query decoded, as {@code path=/data}
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Request(String query, byte[] body) {}

  private final Map<String, Handler> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicReference<Duration> waited = new AtomicReference<>(Duration.ZERO);
  private final AtomicLong passed = new AtomicLong();
  private final Path socket;
  private final ServerSocketChannel server;

  /** Starts one with its socket in the folder. */
  public EngineDouble(Path folder) throws IOException {
    socket = folder.resolve("docker.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    answer("GET /version", json(200, "{\"Version\":\"0.0\"}"));
    answer("GET /info", json(200, "{}"));
    answer("GET /containers/json", json(200, "[]"));
    answer("GET /networks", json(200, "[]"));
    start(this::accept);
  }

  /**
   * Sets the answer.
   *
   * @param request method and path, without the query
   */
  public void answer(String request, Answer answer) {
    answers.put(request, (asked, out) -> answer.write(out));
  }

  /** As the other, for what depends on query or body. */
  public void handle(String request, Handler handler) {
    answers.put(request, handler);
  }

  /** Adds a container without mounts; its id is its name. */
  public void has(String container, String status) {
    String inspected =
        "{\"Id\": \"%1$s\", \"Name\": \"/%1$s\", \"Config\": {}, \"State\": {\"Status\": \"%2$s\"}}";
    answer(
        "GET /containers/" + container + "/json",
        json(200, inspected.formatted(container, status)));
  }

  /** The options of a source that reads a path of a container. */
  public ProviderOptions source(String type, String container, String path) {
    return new ProviderOptions(
        type,
        Map.of(
            "engine",
            endpoint().key(),
            "container",
            container,
            "path",
            path,
            "work",
            socket.resolveSibling("work").toString()));
  }

  /** How often that was asked for. */
  public long count(String request) {
    return requests.stream().filter(request::equals).count();
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return new Endpoint("unix://" + socket, Optional.empty(), Optional.empty(), "a double");
  }

  /** A client that never waits. */
  public DockerEngine connect() throws IOException {
    return DockerEngine.connect(
        endpoint(), List.of(), passed::get, time -> waited.accumulateAndGet(time, Duration::plus));
  }

  /** For clients; nothing else lets their time pass. */
  void letPass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  /** How long clients would have waited before they tried again; they did not. */
  public Duration waited() {
    return Objects.requireNonNull(waited.get());
  }

  /** As if a client had waited. */
  public void letWait(Duration time) {
    waited.accumulateAndGet(time, Duration::plus);
  }

  /** A whole answer. */
  public static Answer json(int status, String body) {
    return out -> {
      head(out, status, "application/json", "Content-Length: " + body.length());
      out.write(body.getBytes(StandardCharsets.UTF_8));
    };
  }

  /** The head of an answer with one more line. */
  static void head(OutputStream out, int status, String type, String line) throws IOException {
    String head =
        "HTTP/1.1 " + status + " x\r\nContent-Type: " + type + "\r\nConnection: close\r\n" + line;
    out.write((head + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        start(() -> serve(connection));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
      String request = line(in);
      if (request.isEmpty()) {
        return;
      }
      List<String> head = new ArrayList<>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        head.add(line.toLowerCase(Locale.ROOT));
      }
      String asked = request.replaceFirst("[? ]?HTTP/.*|\\?.*", "").strip();
      requests.add(asked);
      String query = request.replaceFirst("[^?]*\\??", "").replaceFirst(" HTTP/.*", "");
      Handler missing =
          (unknown, out) -> json(404, "{\"message\":\"No such container: c\"}").write(out);
      answers
          .getOrDefault(asked, missing)
          .write(
              new Request(URLDecoder.decode(query, StandardCharsets.UTF_8), body(head, in)),
              Channels.newOutputStream(connection));
    } catch (IOException e) {
      // The client cut the connection.
    }
  }

  private static byte[] body(List<String> head, InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String line : head) {
      if (line.startsWith("content-length:")) {
        body.write(in.readNBytes(Integer.parseInt(line.replaceFirst(".*:", "").strip())));
      } else if (line.equals("transfer-encoding: chunked")) {
        for (int length = size(in); length > 0; length = size(in)) {
          body.write(in.readNBytes(length));
          line(in);
        }
      }
    }
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "engine-double");
    thread.setDaemon(true);
    thread.start();
  }
}
