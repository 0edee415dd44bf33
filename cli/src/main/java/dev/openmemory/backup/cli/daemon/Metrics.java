package dev.openmemory.backup.cli.daemon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows Prometheus what a daemon has recorded: at {@code /metrics}, in a file, or nowhere. */
public final class Metrics implements Closeable {
  private static final String PATH = "/metrics";
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Optional<HttpServer> server;
  private final Optional<Path> file;
  private volatile String text = "";

  private Metrics(Optional<HttpServer> server, Optional<Path> file) {
    this.server = server;
    this.file = file;
  }

  /**
   * Begins.
   *
   * @param port on all addresses of this host; 0 takes any that is free
   * @param file for the textfile collector of the node exporter
   * @throws BackupException of kind {@code UNAVAILABLE} when the port is in use
   */
  public static Metrics open(@Nullable Integer port, @Nullable Path file) throws BackupException {
    Optional<Path> place = Optional.ofNullable(file).map(Path::toAbsolutePath);
    if (port == null) {
      return new Metrics(Optional.empty(), place);
    }
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      Metrics metrics = new Metrics(Optional.of(server), place);
      server.createContext(PATH, metrics::answer);
      server.start();
      return metrics;
    } catch (IOException | IllegalArgumentException e) {
      throw Kind.UNAVAILABLE.failure("metrics", "port " + port, "cannot be listened on", e);
    }
  }

  /** Where they are served; empty without a port. */
  Optional<Integer> port() {
    return server.map(running -> running.getAddress().getPort());
  }

  /**
   * Shows that from now on.
   *
   * @throws BackupException when the file cannot be written
   */
  void show(State state) throws BackupException {
    text = MetricsText.of(state);
    if (file.isPresent()) {
      Path place = file.get();
      try {
        Uninterrupted.run(() -> write(place, text));
      } catch (IOException e) {
        throw FileFailure.of("metrics", place, e);
      }
    }
  }

  /** In one step, and readable for the exporter, which is another user. */
  private static void write(Path place, String text) throws IOException {
    Path partial = place.resolveSibling("." + place.getFileName() + ".tmp");
    Files.writeString(partial, text);
    Disk.force(partial);
    Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean known = exchange.getRequestURI().getPath().equals(PATH);
    try (exchange;
        OutputStream body = exchange.getResponseBody()) {
      exchange.getResponseHeaders().set("Content-Type", TYPE);
      exchange.sendResponseHeaders(known ? 200 : 404, known ? bytes.length : -1);
      if (known) {
        body.write(bytes);
      }
    }
  }

  @Override
  public void close() {
    server.ifPresent(running -> running.stop(0));
  }
}
