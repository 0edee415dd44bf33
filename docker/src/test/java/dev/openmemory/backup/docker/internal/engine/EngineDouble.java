package dev.openmemory.backup.docker.internal.engine;

import dev.openmemory.backup.docker.internal.connect.Endpoint;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicReference<Duration> waited = new AtomicReference<>(Duration.ZERO);
  private final AtomicLong passed = new AtomicLong();
  private final Path socket;
  private final ServerSocketChannel server;

  /** Starts one whose socket is in the folder. */
  public EngineDouble(Path folder) throws IOException {
    socket = folder.resolve("docker.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    answer("GET /version", json(200, "{\"Version\":\"0.0\"}"));
    answer("GET /info", json(200, "{}"));
    start(this::accept);
  }

  /**
   * Sets the answer.
   *
   * @param request method and path, without the query
   */
  public void answer(String request, Answer answer) {
    answers.put(request, answer);
  }

  /** How often that was asked for. */
  long count(String request) {
    return requests.stream().filter(request::equals).count();
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return new Endpoint("unix://" + socket, Optional.empty(), Optional.empty(), "a double");
  }

  DockerEngine connect() throws IOException {
    return DockerEngine.connect(
        endpoint(), passed::get, time -> waited.accumulateAndGet(time, Duration::plus));
  }

  /** For clients; nothing else lets their time pass. */
  void letPass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  /** How long clients would have waited before they tried again; they did not. */
  Duration waited() {
    return Objects.requireNonNull(waited.get());
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
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(
                  Channels.newInputStream(connection), StandardCharsets.ISO_8859_1));
      String request = in.readLine();
      if (request == null) {
        return;
      }
      while (!in.readLine().isEmpty()) {
        // The rest of the head says nothing that matters.
      }
      String asked = request.replaceFirst("[? ]?HTTP/.*|\\?.*", "").strip();
      requests.add(asked);
      answers
          .getOrDefault(asked, json(404, "{\"message\":\"No such container: c\"}"))
          .write(Channels.newOutputStream(connection));
    } catch (IOException e) {
      // The client cut the connection.
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "engine-double");
    thread.setDaemon(true);
    thread.start();
  }
}
