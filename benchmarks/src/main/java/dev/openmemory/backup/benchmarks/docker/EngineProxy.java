package dev.openmemory.backup.benchmarks.docker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The engine of this host behind a TCP port, where its volumes can only be read through it. */
record EngineProxy(ServerSocketChannel server, Path engine) implements Closeable {
  static EngineProxy to(Path socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    EngineProxy proxy = new EngineProxy(server, socket);
    start(proxy::accept);
    return proxy;
  }

  /** As DOCKER_HOST takes it. */
  String uri() {
    return "tcp://127.0.0.1:" + server.socket().getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        SocketChannel below = SocketChannel.open(UnixDomainSocketAddress.of(engine));
        start(() -> pump(client, below));
        start(() -> pumpAndClose(below, client));
      }
    } catch (IOException e) {
      // Closed; the threads of connections end with them.
    }
  }

  private static void pumpAndClose(SocketChannel from, SocketChannel to) {
    try (from;
        to) {
      pump(from, to);
    } catch (IOException e) {
      // No caller is left to report it to.
    }
  }

  private static void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // The other end notices the same.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "engine proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
