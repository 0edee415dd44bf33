package dev.openmemory.backup.storage.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy before a server that counts bytes and breaks connections when a test says so.
 * Thread-safe; closing ends all connections.
 */
final class FaultyLine implements Closeable {
  private static final int BUFFER = 16 * 1024;

  private volatile int serverPort;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong up = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private volatile long cutUpAt = Long.MAX_VALUE;
  private volatile boolean refusing;
  private volatile boolean stalled;
  private volatile boolean closed;
  private volatile long pauseNanos;

  FaultyLine(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Leads new connections to another server. */
  void leadTo(int port) {
    serverPort = port;
  }

  /** All bytes that clients have sent. */
  long up() {
    return up.get();
  }

  long connections() {
    return connections.get();
  }

  /** Breaks all connections once when clients have sent that many more bytes. */
  void cutAfterUp(long bytes) {
    cutUpAt = up() + bytes;
  }

  /** Forgets where to break. */
  void cutNoMore() {
    cutUpAt = Long.MAX_VALUE;
  }

  /** Whether new connections end at once. */
  void refuse(boolean now) {
    refusing = now;
  }

  /** Whether bytes are taken and go nowhere. */
  void stall(boolean now) {
    stalled = now;
  }

  /** Waits for that long with every packet. */
  void slowDown(long nanos) {
    pauseNanos = nanos;
  }

  /** Breaks all connections. */
  void cut() {
    List<Socket> all = List.copyOf(open);
    open.removeAll(all);
    all.forEach(FaultyLine::reset);
  }

  /** Without a goodbye, as when a machine loses its power. */
  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already.
      return;
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        if (refusing) {
          client.close();
          continue;
        }
        connections.incrementAndGet();
        open.add(client);
        Socket server = connect(client);
        // What was sent at once goes on at once.
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(server);
        start(() -> pump(client, server, true));
        start(() -> pump(server, client, false));
      } catch (IOException e) {
        if (!closed && !(e instanceof SocketException)) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private Socket connect(Socket client) throws IOException {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), serverPort);
    } catch (IOException e) {
      open.remove(client);
      reset(client);
      throw e;
    }
  }

  private void pump(Socket from, Socket to, boolean upwards) {
    byte[] buffer = new byte[BUFFER];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        pause();
        if (upwards && isCut(count)) {
          cut();
          return;
        }
        out.write(buffer, 0, count);
      }
    } catch (IOException | InterruptedException e) {
      // Broken, by the test or one of its sides.
      return;
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private void pause() throws InterruptedException {
    while (stalled && !closed) {
      Thread.sleep(10);
    }
    long nanos = pauseNanos;
    if (nanos > 0) {
      Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
    }
  }

  private boolean isCut(int count) {
    boolean cut = up.addAndGet(count) >= cutUpAt;
    cutUpAt = cut ? Long.MAX_VALUE : cutUpAt;
    return cut;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "faulty-line");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
    cut();
  }
}
