package dev.openmemory.backup.it.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The engine of this host behind a TCP port, as one of another host is: nothing of it can be read
 * directly.
 */
final class EngineProxy implements AutoCloseable {
  private final ServerSocketChannel server;
  private final UnixDomainSocketAddress engine;
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();

  private EngineProxy(ServerSocketChannel server, UnixDomainSocketAddress engine) {
    this.server = server;
    this.engine = engine;
  }

  static EngineProxy to(String socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    EngineProxy proxy = new EngineProxy(server, UnixDomainSocketAddress.of(socket));
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
        SocketChannel below = SocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(client);
        open.add(below);
        below.connect(engine);
        start(() -> pump(client, below));
        start(() -> pump(below, client));
      }
    } catch (IOException e) {
      closeAll();
    }
  }

  private void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
    try {
      while (from.read(buffer) >= 0) {
        writeAll(to, buffer.flip());
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static void writeAll(ByteChannel to, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "engine proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void closeAll() {
    open.forEach(EngineProxy::close);
  }

  private static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    closeAll();
  }
}
