package dev.openmemory.backup.testkit.qdrant;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Listens at a port, with a daemon thread for each connection. Thread-safe. */
final class DoubleListener implements Closeable {
  private final ServerSocket socket;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private @Nullable Thread accepting;

  private DoubleListener(ServerSocket socket) {
    this.socket = socket;
  }

  /** At an address; port 0 is a free one. */
  static DoubleListener bind(String host, int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    return new DoubleListener(socket);
  }

  void start(QdrantDouble server) {
    accepting = daemon(() -> accept(server));
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "qdrant-double");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept(QdrantDouble server) {
    try {
      while (true) {
        Socket connection = socket.accept();
        connections.add(connection);
        daemon(new DoubleConnection(connection, server));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  void closed(Socket connection) {
    connections.remove(connection);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    awaitNoMoreConnections();
    for (Socket connection : new ArrayList<>(connections)) {
      connection.close();
    }
  }

  /** A socket at which a thread waits keeps listening until that thread has noticed. */
  private void awaitNoMoreConnections() {
    try {
      if (accepting != null) {
        accepting.join(Duration.ofSeconds(10).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
