package dev.openmemory.backup.storage.sftp;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;

/** A {@code ProxyCommand}: connects its standard input and output with a host and a port. */
final class Relay {
  private Relay() {}

  /** Its command line, without host and port. */
  static String command() {
    return Path.of(System.getProperty("java.home"), "bin", "java")
        + " -cp "
        + Relay.class.getProtectionDomain().getCodeSource().getLocation().getPath()
        + " "
        + Relay.class.getName();
  }

  public static void main(String[] hostAndPort) throws IOException {
    try (Socket socket = new Socket(hostAndPort[0], Integer.parseInt(hostAndPort[1]))) {
      Thread up =
          new Thread(
              () -> {
                try {
                  System.in.transferTo(socket.getOutputStream());
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      up.setDaemon(true);
      up.start();
      byte[] bytes = new byte[8192];
      for (int n = socket.getInputStream().read(bytes); n > 0; ) {
        System.out.write(bytes, 0, n);
        System.out.flush();
        n = socket.getInputStream().read(bytes);
      }
    }
  }
}
