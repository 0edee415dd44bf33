package dev.openmemory.backup.docker.internal.connect;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.text.UriHost;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the engine that the command line of Docker would talk to, and where that has no opinion the
 * socket of a rootless engine, of Docker Desktop or of Podman.
 *
 * <p>The configuration of docker-java is not used for this: it takes the default socket without a
 * word when a context does not exist, gives the certificates of the current context to a {@code
 * DOCKER_HOST}, and lets system properties and files of its own decide.
 */
public final class Endpoints {
  private static final String CONNECT = "connect to Docker";

  private final Map<String, String> environment;
  private final Path home;
  private final Path root;
  private final boolean windows;

  private Endpoints(Map<String, String> environment, Path home, Path root, boolean windows) {
    this.environment = environment;
    this.home = home;
    this.root = root;
    this.windows = windows;
  }

  /**
   * The endpoint to use. In this order: {@code DOCKER_HOST}, {@code DOCKER_CONTEXT}, the current
   * context, the first socket that exists.
   *
   * @throws BackupException of kind {@code UNAVAILABLE}, naming all places, when there is none;
   *     {@code INVALID} for a context that does not exist and for what is no address
   */
  public static Endpoint find(Map<String, String> environment, Path userHome) throws IOException {
    boolean windows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    return find(environment, userHome, Path.of("/"), windows);
  }

  /**
   * As the other, for tests.
   *
   * @param root below which the sockets of the system are looked for
   */
  static Endpoint find(Map<String, String> environment, Path home, Path root, boolean windows)
      throws IOException {
    return new Endpoints(environment, home, root, windows).find();
  }

  private Endpoint find() throws IOException {
    Optional<String> host = variable("DOCKER_HOST");
    if (host.isPresent()) {
      return endpoint(host.get(), Optional.empty(), certificates(), "DOCKER_HOST");
    }
    ContextStore store = new ContextStore(configuration());
    Optional<String> named = variable("DOCKER_CONTEXT");
    Optional<String> context = named.isPresent() ? named : store.current();
    if (context.isPresent() && !context.get().equals("default")) {
      String origin =
          "context '" + context.get() + "'" + (named.isPresent() ? " of DOCKER_CONTEXT" : "");
      ContextStore.Context found = store.read(context.get());
      return endpoint(found.host(), context, found.certificates(), origin);
    }
    return firstSocket();
  }

  private Optional<String> certificates() {
    if (variable("DOCKER_TLS_VERIFY").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(variable("DOCKER_CERT_PATH").orElse(configuration().toString()));
  }

  private Path configuration() {
    return variable("DOCKER_CONFIG").map(Path::of).orElse(home.resolve(".docker"));
  }

  private Endpoint firstSocket() throws BackupException {
    if (windows) {
      return new Endpoint(
          "npipe:////./pipe/docker_engine", Optional.empty(), Optional.empty(), "the default pipe");
    }
    List<Path> places = sockets();
    for (Path place : places) {
      if (Files.exists(place) && !Files.isDirectory(place)) {
        return new Endpoint(
            "unix://" + place, Optional.empty(), Optional.empty(), "the socket that exists");
      }
    }
    throw Kind.UNAVAILABLE.failure(
        CONNECT,
        "",
        "DOCKER_HOST is not set, there is no Docker context, and none of these sockets exists: "
            + String.join(", ", places.stream().map(Path::toString).toList()));
  }

  private List<Path> sockets() {
    List<Path> places = new ArrayList<>();
    Optional<Path> run = variable("XDG_RUNTIME_DIR").map(Path::of);
    places.add(root.resolve("var/run/docker.sock"));
    run.ifPresent(folder -> places.add(folder.resolve("docker.sock")));
    places.add(home.resolve(".docker/run/docker.sock"));
    places.add(home.resolve(".docker/desktop/docker.sock"));
    run.ifPresent(folder -> places.add(folder.resolve("podman/podman.sock")));
    places.add(root.resolve("run/podman/podman.sock"));
    return places;
  }

  private static Endpoint endpoint(
      String host, Optional<String> context, Optional<String> certificates, String origin)
      throws BackupException {
    // The command line takes host:port too.
    String address = host.contains("://") ? host : "tcp://" + host;
    URI uri = uri(address, origin);
    return switch (String.valueOf(uri.getScheme())) {
      case "unix", "npipe" -> new Endpoint(address, context, Optional.empty(), origin);
      case "tcp" ->
          new Endpoint(tcp(uri, certificates.isPresent(), origin), context, certificates, origin);
      case "ssh" -> {
        if (SshAddress.of(uri).isEmpty()) {
          throw notAnAddress(origin, null);
        }
        yield new Endpoint(address, context, Optional.empty(), origin);
      }
      default -> throw notAnAddress(origin, null);
    };
  }

  private static URI uri(String address, String origin) throws BackupException {
    try {
      return new URI(address);
    } catch (URISyntaxException e) {
      throw notAnAddress(origin, e);
    }
  }

  private static String tcp(URI uri, boolean tls, String origin) throws BackupException {
    if (UriHost.of(uri).isEmpty() || UriHost.hasUser(uri)) {
      throw notAnAddress(origin, null);
    }
    String port = UriHost.withPort(uri).matches(".*:[0-9]+") ? "" : tls ? ":2376" : ":2375";
    return "tcp://" + UriHost.withPort(uri) + port + uri.getRawPath();
  }

  private static BackupException notAnAddress(String origin, @Nullable Exception cause) {
    return Kind.INVALID.failure(
        CONNECT,
        "",
        origin
            + " is not an address of the kinds unix://path, tcp://host:port, ssh://user@host and"
            + " npipe://pipe",
        cause);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
