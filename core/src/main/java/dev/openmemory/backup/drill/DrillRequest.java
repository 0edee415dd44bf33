package dev.openmemory.backup.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a backup is to be proven.
 *
 * @param servers kinds of Qdrant to start on what was restored, in the order in which they are
 *     tried; the first that can be started here is used
 * @param engine the storage engine that opens what was restored when none of these can be started;
 *     without it, only what can be proven without vectors is proven
 * @param patience how long a server may take to serve before it counts as a failure of the backup,
 *     and how long the engine may be silent before the backup counts as not judged
 */
public record DrillRequest(List<Server> servers, Optional<Engine> engine, Duration patience) {
  /** Without a Qdrant, and with time for a large storage to load. */
  public static final DrillRequest STANDARD =
      new DrillRequest(List.of(), Optional.empty(), Duration.ofMinutes(5));

  /** Copies the list. */
  public DrillRequest {
    servers = List.copyOf(servers);
  }

  /**
   * A kind of Qdrant to start.
   *
   * @param type of the plug-in that starts it: {@code binary}, {@code docker}
   * @param options of that plug-in
   * @param required whether the drill fails when it cannot be started here; otherwise the drill
   *     continues without it and says why
   */
  public record Server(String type, Map<String, String> options, boolean required) {
    /** Copies the map. */
    public Server {
      options = Map.copyOf(options);
    }
  }

  /**
   * Qdrant's own storage engine: the Python package {@code qdrant-edge-py}. It needs no server and
   * no container.
   *
   * @param python the Python that has the package
   * @param required whether the drill fails when it has not; otherwise the drill continues without
   *     the engine and says why
   */
  public record Engine(Path python, boolean required) {}

  /** The same with one more kind of Qdrant, which is tried last. */
  public DrillRequest withServer(Server chosen) {
    List<Server> all = new ArrayList<>(servers);
    all.add(chosen);
    return new DrillRequest(all, engine, patience);
  }

  /** The same with the program of Qdrant at that path, as a process of this host. */
  public DrillRequest withBinary(Path program) {
    return withBinary(program, true);
  }

  /** The same; whether the drill fails when it cannot be started is chosen. */
  public DrillRequest withBinary(Path program, boolean required) {
    String path = program.toAbsolutePath().normalize().toString();
    return withServer(new Server("binary", Map.of("path", path), required));
  }

  /** The same with the storage engine of that Python, when no Qdrant can be started. */
  public DrillRequest withEngine(Path python, boolean required) {
    return new DrillRequest(servers, Optional.of(new Engine(python, required)), patience);
  }

  /** The same with other patience. */
  public DrillRequest withPatience(Duration changed) {
    return new DrillRequest(servers, engine, changed);
  }
}
