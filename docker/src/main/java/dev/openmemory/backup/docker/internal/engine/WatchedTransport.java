package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import dev.openmemory.backup.internal.text.UriHost;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * A transport that gives up when nothing moves. Its bodies, when they are closed before their end,
 * are cut off instead of read to it. Thread-safe as the one below.
 */
final class WatchedTransport implements DockerHttpClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  static final Duration INACTIVITY_TIMEOUT = Duration.ofMinutes(2);

  /** How socket proxies refuse a call. The engine itself says why, in JSON. */
  private static final Set<Integer> REFUSALS = Set.of(403, 405);

  private final DockerHttpClient below;
  private final String host;
  private final Inactivity inactivity;
  private final Set<Body> open = ConcurrentHashMap.newKeySet();

  private WatchedTransport(DockerHttpClient below, String host, Inactivity inactivity) {
    this.below = below;
    this.host = host;
    this.inactivity = inactivity;
  }

  /**
   * Not from the environment, properties and files that docker-java looks at: the endpoint says it
   * all. Without a version of the API the engine speaks its own, whatever that is: none can be
   * pinned, as engine 20.10 refuses all above 1.41 and engine 29 all below 1.44.
   */
  static DefaultDockerClientConfig config(Endpoint endpoint) throws UnknownHostException {
    DefaultDockerClientConfig.Builder config =
        new DefaultDockerClientConfig.Builder()
            .withDockerHost(UriHost.connectable(URI.create(endpoint.uri())).toString())
            .withDockerTlsVerify(endpoint.certificates().isPresent());
    endpoint.certificates().ifPresent(config::withDockerCertPath);
    return config.build();
  }

  static WatchedTransport to(DefaultDockerClientConfig config, LongSupplier nanoTime) {
    return new WatchedTransport(
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .connectionTimeout(CONNECT_TIMEOUT)
            .responseTimeout(INACTIVITY_TIMEOUT)
            .build(),
        config.getDockerHost().toString(),
        new Inactivity(INACTIVITY_TIMEOUT, nanoTime));
  }

  @Override
  public Response execute(Request request) {
    try {
      Response response = inactivity.watch(() -> below.execute(request));
      if (isRefusal(response)) {
        response.close();
        throw Kind.DENIED.failure(
            DockerFailure.CALL,
            host,
            request.method()
                + " "
                + request.path().replaceFirst("\\?.*", "")
                + " is not allowed (HTTP "
                + response.getStatusCode()
                + ")");
      }
      return new Watched(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isRefusal(Response response) {
    return REFUSALS.contains(response.getStatusCode())
        && response.getHeaders().entrySet().stream()
            .filter(header -> "content-type".equalsIgnoreCase(header.getKey()))
            .flatMap(header -> header.getValue().stream())
            .noneMatch(type -> type.contains("json"));
  }

  /** Makes calls that may be silent no longer than that. */
  <T> T within(Duration silence, Inactivity.Call<T> calls) throws IOException {
    return inactivity.within(silence, calls);
  }

  /** The same bytes; reading them counts as something that moves in the request they are for. */
  InputStream upload(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        inactivity.progress();
        return super.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        inactivity.progress();
        return super.read(bytes, offset, length);
      }
    };
  }

  /** Cuts off what is still being read: the engine locks a container until then. */
  void cutOff() {
    open.forEach(Body::cut);
  }

  @Override
  public void close() throws IOException {
    cutOff();
    try (inactivity) {
      below.close();
    }
  }

  private final class Watched implements Response {
    private final Response response;

    Watched(Response response) {
      this.response = response;
    }

    @Override
    public int getStatusCode() {
      return response.getStatusCode();
    }

    @Override
    public Map<String, List<String>> getHeaders() {
      return response.getHeaders();
    }

    @Override
    public InputStream getBody() {
      Body body = new Body(response);
      open.add(body);
      return body;
    }

    @Override
    public void close() {
      response.close();
    }
  }

  private final class Body extends BlockInputStream {
    private final Response response;
    private final InputStream in;
    private boolean ended;

    Body(Response response) {
      this.response = response;
      this.in = response.getBody();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int got = inactivity.watch(() -> in.read(bytes, offset, length));
      ended |= got < 0;
      return got;
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      if (ended) {
        in.close();
      }
      response.close();
    }

    void cut() {
      open.remove(this);
      response.close();
    }
  }
}
