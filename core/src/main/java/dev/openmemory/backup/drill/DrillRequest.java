package dev.openmemory.backup.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a backup is to be proven.
 *
 * @param server the Qdrant to start on what was restored; empty to prove only what can be proven
 *     without one
 * @param patience how long that may take to serve, before it counts as one that does not
 */
public record DrillRequest(Optional<Server> server, Duration patience) {
  /** Without a Qdrant, and with time for a large storage to load. */
  public static final DrillRequest STANDARD =
      new DrillRequest(Optional.empty(), Duration.ofMinutes(5));

  /**
   * A kind of Qdrant to start.
   *
   * @param type of the plug-in that starts it: {@code binary}, {@code docker}
   * @param options of that plug-in
   * @param required whether the drill fails when it cannot be started here; otherwise the drill
   *     goes on without it and says why
   */
  public record Server(String type, Map<String, String> options, boolean required) {
    /** Copies the map. */
    public Server {
      options = Map.copyOf(options);
    }
  }

  /** The same with that Qdrant. */
  public DrillRequest withServer(Server chosen) {
    return new DrillRequest(Optional.of(chosen), patience);
  }

  /** The same with the program of Qdrant at that path, as a process of this host. */
  public DrillRequest withBinary(Path program) {
    String path = program.toAbsolutePath().normalize().toString();
    return withServer(new Server("binary", Map.of("path", path), true));
  }

  /** The same with other patience. */
  public DrillRequest withPatience(Duration changed) {
    return new DrillRequest(server, changed);
  }
}
