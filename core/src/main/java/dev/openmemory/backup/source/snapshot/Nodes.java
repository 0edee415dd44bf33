package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.qdrant.server.Cluster;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Clients of all nodes, closed together. The first one speaks for the cluster. */
final class Nodes implements Closeable {
  private final List<QdrantClient> clients = new ArrayList<>();

  private Nodes() {}

  static Nodes of(ServerOptions options, Cancellation cancellation) throws IOException {
    return Undo.closingOnFailure(
        new Nodes(),
        nodes -> {
          for (URI url : options.urls()) {
            nodes.clients.add(options.client(url, cancellation));
          }
          return nodes;
        });
  }

  QdrantClient first() {
    return clients.get(0);
  }

  QdrantClient get(int index) {
    return clients.get(index);
  }

  int size() {
    return clients.size();
  }

  /**
   * Refuses addresses that leave out a node of the cluster: what it alone holds would be missing.
   *
   * @throws BackupException of kind {@code INVALID} that names the nodes
   */
  void requireAll() throws IOException {
    Set<String> reached = new HashSet<>();
    Map<String, String> missing = new TreeMap<>();
    for (QdrantClient client : clients) {
      Optional<Cluster> cluster = client.cluster();
      if (cluster.isPresent()) {
        reached.add(cluster.get().node());
        missing.putAll(cluster.get().peers());
      }
    }
    int all = missing.size();
    missing.keySet().removeAll(reached);
    if (!missing.isEmpty()) {
      throw new BackupException(
          Kind.INVALID,
          "find nodes",
          first().location(),
          "is a cluster of "
              + all
              + " nodes, and no address leads to these: "
              + String.join(", ", missing.values()));
    }
  }

  @Override
  public void close() {
    clients.forEach(QdrantClient::close);
  }
}
