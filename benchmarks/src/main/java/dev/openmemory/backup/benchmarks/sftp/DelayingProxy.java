package dev.openmemory.backup.benchmarks.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A link to a port of this host that seems long: what is sent arrives later by a fixed time, and as
 * fast as it was sent. Closing it leaves open connections to their ends.
 */
final class DelayingProxy implements Closeable {
  private static final int READ = 256 * 1024;

  /** Of one direction of one connection: more than any window that SSH has open. */
  private static final int MOST_ON_ITS_WAY = 64 << 20;

  private final ServerSocket server;
  private final int port;
  private final long delay;

  private DelayingProxy(ServerSocket server, int port, long delay) {
    this.server = server;
    this.port = port;
    this.delay = delay;
  }

  /**
   * To that port of the loopback address, from another.
   *
   * @param delay one way
   */
  static DelayingProxy to(int port, Duration delay) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    DelayingProxy proxy = new DelayingProxy(server, port, delay.toNanos());
    start(proxy::accept);
    return proxy;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        connect(server.accept());
      }
    } catch (IOException e) {
      // Closed; the threads of connections end with them.
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      Socket beyond = new Socket(InetAddress.getLoopbackAddress(), port);
      client.setTcpNoDelay(true);
      beyond.setTcpNoDelay(true);
      new Direction(client, beyond).start();
      new Direction(beyond, client).start();
    } catch (IOException e) {
      client.close();
    }
  }

  /** Bytes and when they are due; none at the end of all. */
  private static final class Parcel {
    private final byte[] bytes;
    private final long due;

    Parcel(byte[] bytes, long due) {
      this.bytes = bytes;
      this.due = due;
    }
  }

  private final class Direction {
    private final Socket from;
    private final Socket to;
    private final BlockingQueue<Parcel> onItsWay = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_ON_ITS_WAY);

    Direction(Socket from, Socket to) {
      this.from = from;
      this.to = to;
    }

    void start() {
      DelayingProxy.start(this::receive);
      DelayingProxy.start(this::deliver);
    }

    private void receive() {
      byte[] buffer = new byte[READ];
      try {
        InputStream in = from.getInputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          room.acquireUninterruptibly(count);
          send(Arrays.copyOf(buffer, count));
        }
      } catch (IOException e) {
        // For the other end the connection ends here as well.
      }
      send(new byte[0]);
    }

    private void send(byte[] bytes) {
      onItsWay.add(new Parcel(bytes, System.nanoTime() + delay));
    }

    private void deliver() {
      try {
        OutputStream out = to.getOutputStream();
        for (Parcel next = arrived(); next.bytes.length > 0; next = arrived()) {
          out.write(next.bytes);
          room.release(next.bytes.length);
        }
        to.shutdownOutput();
        if (from.isOutputShutdown()) {
          closeBoth();
        }
      } catch (IOException | InterruptedException e) {
        closeBoth();
      }
    }

    private Parcel arrived() throws InterruptedException {
      Parcel next = onItsWay.take();
      TimeUnit.NANOSECONDS.sleep(next.due - System.nanoTime());
      return next;
    }

    private void closeBoth() {
      try (from;
          to) {
        // A thread that waits for it sees the end of the connection at its next read.
        room.release(READ);
      } catch (IOException e) {
        // No caller is left to report it to.
      }
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "delaying proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
