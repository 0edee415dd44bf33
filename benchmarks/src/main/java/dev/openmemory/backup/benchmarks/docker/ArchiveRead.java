package dev.openmemory.backup.benchmarks.docker;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The archive endpoint of an engine, read to nowhere: the limit of all that goes through it. */
record ArchiveRead(Path socket, String container, String path) {

  /** The bytes that came, with the few of HTTP. */
  long run() throws IOException {
    try (SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      engine.write(StandardCharsets.US_ASCII.encode(request()));
      ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
      long total = Math.max(0, engine.read(buffer));
      requireSuccess(buffer.flip());
      for (int read = 0; read >= 0; read = engine.read(buffer.clear())) {
        total += read;
      }
      return total;
    }
  }

  private String request() {
    return "GET /containers/"
        + container
        + "/archive?path="
        + path
        + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n";
  }

  private static void requireSuccess(ByteBuffer answer) throws IOException {
    String line =
        StandardCharsets.US_ASCII.decode(answer).toString().lines().findFirst().orElse("");
    if (!line.contains(" 200 ")) {
      throw new IOException("the engine answered " + line);
    }
  }
}
