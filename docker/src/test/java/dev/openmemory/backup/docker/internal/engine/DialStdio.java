package dev.openmemory.backup.docker.internal.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** In place of {@code ssh}: a process that connects its input and output to a socket. */
final class DialStdio {
  private static final String REFUSED = "refused";
  private static final int FAILED = 255;

  private DialStdio() {}

  /** The ids of all such processes that wrote their arguments to that file. */
  static Path processes(Path arguments) {
    return arguments.resolveSibling("processes");
  }

  /** The command that starts it; it writes the arguments that ssh would get to a file. */
  static List<String> command(String socket, Path arguments) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        DialStdio.class.getName(),
        arguments.toString(),
        socket);
  }

  /** One that reaches nothing. */
  static List<String> refused(Path arguments) {
    return command(REFUSED, arguments);
  }

  public static void main(String[] args) throws IOException {
    Path arguments = Path.of(args[0]);
    append(processes(arguments), String.valueOf(ProcessHandle.current().pid()));
    append(arguments, String.join(" ", List.of(args).subList(2, args.length)));
    if (args[1].equals(REFUSED)) {
      System.err.println("me@far: Permission denied (publickey).");
      System.exit(FAILED);
    }
    try (SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(args[1]))) {
      Thread up = new Thread(() -> send(System.in, engine));
      up.setDaemon(true);
      up.start();
      receive(engine, System.out);
    }
  }

  private static void append(Path file, String line) throws IOException {
    Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void send(InputStream in, SocketChannel engine) {
    byte[] buffer = new byte[8192];
    try {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        engine.write(ByteBuffer.wrap(buffer, 0, got));
      }
      engine.shutdownOutput();
    } catch (IOException e) {
      // The other side has ended.
    }
  }

  private static void receive(SocketChannel engine, OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (engine.read(buffer) >= 0) {
      out.write(buffer.array(), 0, buffer.position());
      out.flush();
      buffer.clear();
    }
  }
}
