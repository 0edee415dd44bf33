package dev.openmemory.backup.benchmarks.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The port of a server that is started for a measurement. */
public final class ServerPort {
  private static final int SECONDS = 30;

  private ServerPort() {}

  public static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Returns when the server listens.
   *
   * @param log of the server, for the failure when it does not start
   */
  public static void await(String host, int port, Process server, Path log)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!isListening(host, port)) {
      if (!server.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("a server does not start: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static boolean isListening(String host, int port) {
    try (Socket socket = new Socket(host, port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
