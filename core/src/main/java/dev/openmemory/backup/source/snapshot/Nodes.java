package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Clients of all nodes, closed together. The first one speaks for the cluster. */
final class Nodes implements Closeable {
  private final List<QdrantClient> clients = new ArrayList<>();

  private Nodes() {}

  static Nodes of(ServerOptions options, Cancellation cancellation) throws IOException {
    Nodes nodes = new Nodes();
    try {
      for (URI url : options.urls()) {
        nodes.clients.add(options.client(url, cancellation));
      }
      return nodes;
    } catch (IOException | RuntimeException e) {
      Undo.after(e, nodes::close);
      throw e;
    }
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

  @Override
  public void close() {
    clients.forEach(QdrantClient::close);
  }
}
