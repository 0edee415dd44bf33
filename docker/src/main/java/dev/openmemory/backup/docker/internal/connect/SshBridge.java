package dev.openmemory.backup.docker.internal.connect;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.CloseAll;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.process.LocalCommand;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket on this host that leads to an engine on another one. Each connection to it is a process
 * of {@code ssh}, which runs {@code docker system dial-stdio} there. Only the user of this process
 * can reach the socket. Thread-safe.
 */
public final class SshBridge implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(SshBridge.class);
  private static final int BUFFER = 64 << 10;

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path socket;
  private final ServerSocketChannel server;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  /** How the last one ended that failed. */
  private volatile String said = "";

  private SshBridge(
      List<String> command,
      Map<String, String> environment,
      Path socket,
      ServerSocketChannel server) {
    this.command = command;
    this.environment = environment;
    this.socket = socket;
    this.server = server;
  }

  /**
   * Opens one where the endpoint needs it. No connection is made yet.
   *
   * @param ssh the program and its first arguments
   */
  public static Optional<SshBridge> to(
      Endpoint endpoint, List<String> ssh, Map<String, String> environment) throws IOException {
    URI uri = URI.create(endpoint.uri());
    if (!"ssh".equals(uri.getScheme())) {
      return Optional.empty();
    }
    SshAddress address = SshAddress.of(uri).orElseThrow();
    Path socket = Files.createTempDirectory("openmemory-backup-ssh-").resolve("docker.sock");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    SshBridge bridge = new SshBridge(address.command(ssh), environment, socket, server);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      Undo.after(e, bridge::close);
      throw e;
    }
    start("accept", bridge::accept);
    return Optional.of(bridge);
  }

  /** What leads to the engine from here. */
  public Endpoint local() {
    return new Endpoint("unix://" + socket, Optional.empty(), Optional.empty(), "ssh");
  }

  /** The failure to reach the engine, with what ssh said about it. */
  public BackupException explain(String operation, String location, BackupException failure) {
    return failure.kind() != Kind.UNAVAILABLE || said.isEmpty()
        ? failure
        : Kind.UNAVAILABLE.failure(operation, location, "ssh " + said, failure);
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                LOG.debug("A connection to an engine behind ssh has ended", e);
              }
            },
            "openmemory-backup-ssh-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (server.isOpen()) {
      connect(server.accept());
    }
  }

  private void connect(SocketChannel client) throws IOException {
    try {
      Connection connection = new Connection(client, LocalCommand.start(command, environment));
      open.add(connection);
      start("up", connection::up);
      start("down", connection::down);
    } catch (IOException e) {
      said = "cannot be started: " + e.getMessage();
      client.close();
    }
  }

  private final class Connection implements Closeable {
    private final SocketChannel client;
    private final LocalCommand ssh;

    Connection(SocketChannel client, LocalCommand ssh) {
      this.client = client;
      this.ssh = ssh;
    }

    void up() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      try (OutputStream out = ssh.input()) {
        while (client.read(buffer) >= 0) {
          out.write(buffer.array(), 0, buffer.position());
          out.flush();
          buffer.clear();
        }
      }
    }

    void down() throws IOException {
      byte[] buffer = new byte[BUFFER];
      try (InputStream in = ssh.output()) {
        for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
          ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, got);
          while (bytes.hasRemaining()) {
            client.write(bytes);
          }
        }
        if (!ssh.hasSucceeded()) {
          said = ssh.end();
        }
      } finally {
        close();
      }
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      try (ssh) {
        client.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    List<Closeable> all = new ArrayList<>(List.of(server));
    all.addAll(open);
    all.add(() -> Files.deleteIfExists(socket));
    all.add(() -> Files.deleteIfExists(socket.getParent()));
    CloseAll.of(all);
  }
}
