package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.host.HostPaths;
import dev.openmemory.backup.docker.internal.host.StoreUrls;
import dev.openmemory.backup.internal.qdrant.server.ApiKey;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.text.UriHost;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Finds the way to Qdrant in a container. */
public final class QdrantServer {
  private QdrantServer() {}

  /**
   * A client of it, by the first of its addresses that answers, with the first key that it accepts.
   * The caller closes it.
   */
  public static Optional<QdrantClient> of(
      DockerEngine engine, Container container, QdrantKeys keys, Cancellation cancellation)
      throws IOException {
    List<Optional<ApiKey>> candidates = keys.of(container);
    for (URI address : StoreUrls.of(container, host(engine.endpoint()), HostPaths.of(engine))) {
      for (Optional<ApiKey> key : candidates) {
        QdrantClient client = QdrantClient.of(address, key, cancellation);
        if (client.serves()) {
          return Optional.of(client);
        }
        client.close();
      }
    }
    return Optional.empty();
  }

  /** Ports are published on the engine's host. */
  private static String host(Endpoint endpoint) {
    return UriHost.of(URI.create(endpoint.uri())).orElse("localhost");
  }
}
