package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.Endpoint;
import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A running Qdrant, asked over its REST interface as far as that needs no key. */
public final class QdrantServer {
  private static final int PORT = 6333;
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final URI base;

  private QdrantServer(URI base) {
    this.base = base;
  }

  /** The server in the container, by the first of its addresses that answers and needs no key. */
  public static Optional<QdrantServer> of(
      DockerEngine engine, Container container, Cancellation cancellation) throws IOException {
    for (URI address : addresses(engine, container)) {
      QdrantServer server = new QdrantServer(address);
      if (server.answers(cancellation)) {
        return Optional.of(server);
      }
    }
    return Optional.empty();
  }

  private static List<URI> addresses(DockerEngine engine, Container container) {
    int port = port(container);
    List<URI> addresses = new ArrayList<>();
    Container.Published published = container.ports().get(port);
    if (published != null) {
      addresses.add(uri(host(engine.endpoint()), published.port()));
    }
    if (engine.isThisHost()) {
      container.address().ifPresent(address -> addresses.add(uri(address, port)));
    }
    return addresses;
  }

  /** Ports are published on the engine's host. */
  private static String host(Endpoint endpoint) {
    String host = URI.create(endpoint.uri()).getHost();
    return host == null ? "localhost" : host;
  }

  private static URI uri(String host, int port) {
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  private static int port(Container container) {
    try {
      return Integer.parseInt(
          container.environment().getOrDefault("QDRANT__SERVICE__HTTP_PORT", "" + PORT));
    } catch (NumberFormatException e) {
      return PORT;
    }
  }

  /** Whether it serves, and has taken in all that its log holds. */
  public boolean isReady(Cancellation cancellation) throws IOException {
    if (get("/readyz", cancellation).statusCode() != 200) {
      return false;
    }
    for (String collection : collections(cancellation)) {
      Object result = member(json("/collections/" + encode(collection), cancellation), "result");
      Object length = member(member(result, "update_queue"), "length");
      // Its status stays grey until the next write; only the queue tells. Older versions have none.
      if (length instanceof Number waiting && waiting.longValue() > 0) {
        return false;
      }
    }
    return true;
  }

  /** The names of all collections. */
  public List<String> collections(Cancellation cancellation) throws IOException {
    Object list = member(member(json("/collections", cancellation), "result"), "collections");
    List<String> names = new ArrayList<>();
    if (list instanceof List<?> entries) {
      entries.forEach(entry -> names.add(String.valueOf(member(entry, "name"))));
    }
    return names;
  }

  /** The exact number of points in a collection. */
  public long count(String collection, Cancellation cancellation) throws IOException {
    HttpRequest request =
        request("/collections/" + encode(collection) + "/points/count")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"exact\":true}"))
            .build();
    Object count = member(member(parse(send(request, cancellation)), "result"), "count");
    if (count instanceof Number number) {
      return number.longValue();
    }
    throw failure(Kind.FAILED, "does not count collection " + collection);
  }

  /** Its version, or empty text. */
  public String version(Cancellation cancellation) throws IOException {
    Object version = member(json("/", cancellation), "version");
    return version == null ? "" : version.toString();
  }

  private boolean answers(Cancellation cancellation) throws IOException {
    try {
      return get("/collections", cancellation).statusCode() == 200;
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      return false;
    }
  }

  private Map<String, @Nullable Object> json(String path, Cancellation cancellation)
      throws IOException {
    return parse(get(path, cancellation));
  }

  private Map<String, @Nullable Object> parse(HttpResponse<byte[]> response) throws IOException {
    if (response.statusCode() != 200) {
      throw failure(Kind.FAILED, "answers with status " + response.statusCode());
    }
    return Json.readObject(response.body(), response.uri().toString());
  }

  private HttpResponse<byte[]> get(String path, Cancellation cancellation) throws IOException {
    return send(request(path).GET().build(), cancellation);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER);
  }

  private HttpResponse<byte[]> send(HttpRequest request, Cancellation cancellation)
      throws IOException {
    cancellation.check();
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(Kind.CANCELLED, "stopped on request");
    } catch (IOException e) {
      throw new BackupException(
          Kind.UNAVAILABLE, "ask Qdrant", base.toString(), "does not answer: " + e.getMessage(), e);
    }
  }

  private BackupException failure(Kind kind, String fact) {
    return new BackupException(kind, "ask Qdrant", base.toString(), fact);
  }

  private static @Nullable Object member(@Nullable Object tree, String name) {
    return tree instanceof Map<?, ?> map ? map.get(name) : null;
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
