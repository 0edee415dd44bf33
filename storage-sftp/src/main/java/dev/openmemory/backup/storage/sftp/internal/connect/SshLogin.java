package dev.openmemory.backup.storage.sftp.internal.connect;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.process.LocalCommand;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.sftp.internal.auth.Authentication;
import dev.openmemory.backup.storage.sftp.internal.hostkey.HostKeyCheck;
import dev.openmemory.backup.storage.sftp.internal.hostkey.KnownHosts;
import dev.openmemory.backup.storage.sftp.internal.session.CommandSocket;
import dev.openmemory.backup.storage.sftp.internal.session.SshConnection;
import dev.openmemory.backup.storage.sftp.internal.session.SshConnector;
import dev.openmemory.backup.storage.sftp.internal.session.SshSocket;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpLocation;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions.HostKeyPolicy;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostAddress;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.HostSettings;
import dev.openmemory.backup.storage.sftp.internal.sshconfig.SshConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Connects as ssh would: to the host that ssh_config says, over the hosts on the way, with the keys
 * of agent and files. Each connection reads all these anew. Thread-safe; leaves no connection open
 * after a failure.
 */
public final class SshLogin implements SshConnector {
  /** So much of a file may be on its way to us: what 16 MiB/s bring in a second. */
  private static final long WINDOW = 16L << 20;

  /** As in ssh: so many signs of life may go unanswered. */
  private static final int MOST_UNANSWERED = 3;

  private static final int MOST_JUMPS = 8;

  private final SftpLocation location;
  private final SftpOptions options;
  private final CallWatch watch;
  private final ClientEnvironment local;
  private final SshConfig config;

  /** Ends what blocks by the watch, which its owner closes after all connections. */
  public SshLogin(SftpLocation location, SftpOptions options, CallWatch watch) {
    this(location, options, watch, ClientEnvironment.current());
  }

  public SshLogin(
      SftpLocation location, SftpOptions options, CallWatch watch, ClientEnvironment local) {
    this.location = location;
    this.options = options;
    this.watch = watch;
    this.local = local;
    this.config = new SshConfig(options.sshConfig(), local, watch, options.timeout());
  }

  @Override
  public SSHClient connect() throws BackupException {
    List<HostAddress> jumps =
        options.proxyJump() == null ? null : HostAddress.parse(options.proxyJump());
    HostAddress address = new HostAddress(location.user(), location.host(), location.port());
    return connect(config.of(address, jumps), 0);
  }

  @Override
  public String access() {
    return "The host is reached as " + config.reader() + " says";
  }

  private SshConnection connect(HostSettings host, int jumps) throws BackupException {
    if (host.jumps().isEmpty()) {
      return logIn(host, null, jumps == 0);
    }
    if (jumps == MOST_JUMPS) {
      throw ConnectFailures.failure(
          host, Kind.INVALID, "more than " + MOST_JUMPS + " jump hosts, or a circle of them", null);
    }
    List<HostAddress> before = host.jumps().subList(0, host.jumps().size() - 1);
    HostAddress last = host.jumps().get(host.jumps().size() - 1);
    SshConnection through = connect(config.of(last, before.isEmpty() ? null : before), jumps + 1);
    try {
      return logIn(host, through, jumps == 0);
    } catch (BackupException e) {
      close(through);
      throw e;
    }
  }

  private SshConnection logIn(
      HostSettings host, @Nullable SshConnection through, boolean destination)
      throws BackupException {
    HostKeyCheck hostKey =
        new HostKeyCheck(
            host, options.hostKeyPolicy() == HostKeyPolicy.ACCEPT_NEW, knownHosts(host));
    SshSocket socket = through == null ? open(host) : through.socket();
    SshConnection connection = connection(host, hostKey, through, socket);
    ConnectFailures failures = new ConnectFailures(host, hostKey, socket);
    try (CallWatch.Call call = watch.begin(options.timeout(), socket::abort)) {
      try {
        handshake(connection, host, through);
        call.progressed();
        new Authentication(connection, host, options, local, call).logIn(destination);
        return connection;
      } catch (IOException e) {
        throw failed(connection, failures.translate(e, call.wasSilent()));
      } catch (IllegalStateException | SSHRuntimeException e) {
        // What sshj says of a connection that has ended between two steps, or of odd packets.
        Optional<? extends IOException> end = connection.end();
        IOException cause = end.isPresent() ? end.get() : new IOException(e.getMessage(), e);
        throw failed(connection, failures.translate(cause, call.wasSilent()));
      }
    }
  }

  private static BackupException failed(SshConnection connection, BackupException failure) {
    connection.socket().abort();
    close(connection);
    return failure;
  }

  private SshConnection connection(
      HostSettings host, HostKeyCheck hostKey, @Nullable SshConnection through, SshSocket socket) {
    SshConnection connection = new SshConnection(SshAlgorithms.config(), through, socket);
    int millis = Math.toIntExact(options.timeout().toMillis());
    connection.addHostKeyVerifier(hostKey);
    connection.getTransport().setTimeoutMs(millis);
    connection.getConnection().setTimeoutMs(millis);
    connection.getConnection().setWindowSize(WINDOW);
    Duration pause =
        host.keepalive().filter(p -> isShorter(p, options.keepalive())).orElse(options.keepalive());
    if (connection.getConnection().getKeepAlive() instanceof KeepAliveRunner keepAlive) {
      keepAlive.setMaxAliveCount(MOST_UNANSWERED);
      keepAlive.setKeepAliveInterval(Math.toIntExact(pause.toSeconds()));
    }
    return connection;
  }

  private static boolean isShorter(Duration pause, Duration other) {
    return other.isZero() || pause.compareTo(other) < 0;
  }

  private static void handshake(
      SshConnection connection, HostSettings host, @Nullable SshConnection through)
      throws IOException {
    if (through == null) {
      connection.setSocketFactory(new Prepared(connection.socket()));
      connection.connect(host.hostName(), host.port());
    } else {
      connection.connectVia(through.newDirectConnection(host.hostName(), host.port()));
    }
  }

  /** A host may have several addresses, not all of which need to be reachable from here. */
  private SshSocket open(HostSettings host) throws BackupException {
    Duration timeout =
        host.connectTimeout()
            .filter(t -> isShorter(t, options.timeout()))
            .orElse(options.timeout());
    String command = host.proxyCommand();
    if (command != null) {
      return start(host, command);
    }
    BackupException failure = null;
    for (InetAddress address : addresses(host)) {
      try {
        return open(host, new InetSocketAddress(address, host.port()), timeout);
      } catch (BackupException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
        if (e.kind() == Kind.CANCELLED) {
          break;
        }
      }
    }
    if (failure == null) {
      throw new IllegalStateException("a name was resolved to no address: " + host.hostName());
    }
    throw failure;
  }

  /** Through the user's shell, as ssh does it. */
  private SshSocket start(HostSettings host, String command) throws BackupException {
    String named = local.environment().getOrDefault("SHELL", "");
    String shell = named.isEmpty() ? "/bin/sh" : named;
    try {
      return new CommandSocket(
          LocalCommand.start(List.of(shell, "-c", "exec " + command), local.environment()));
    } catch (IOException e) {
      throw ConnectFailures.failure(
          host, Kind.UNAVAILABLE, "the ProxyCommand cannot be started: " + e.getMessage(), e);
    }
  }

  private static List<InetAddress> addresses(HostSettings host) throws BackupException {
    try {
      List<InetAddress> all = List.of(InetAddress.getAllByName(host.hostName()));
      List<InetAddress> usable = all.stream().filter(host::mayUse).toList();
      if (usable.isEmpty()) {
        throw ConnectFailures.failure(
            host, Kind.UNAVAILABLE, "has no address of the AddressFamily in ssh_config", null);
      }
      return usable;
    } catch (UnknownHostException e) {
      throw ConnectFailures.unreachable(host, e, false);
    }
  }

  private SshSocket open(HostSettings host, InetSocketAddress address, Duration timeout)
      throws BackupException {
    SshSocket socket = new SshSocket();
    try (CallWatch.Call call = watch.begin(timeout, socket::abort)) {
      try {
        socket.setTcpNoDelay(true);
        socket.connect(address, Math.toIntExact(timeout.toMillis()));
        return socket;
      } catch (IOException e) {
        socket.abort();
        throw ConnectFailures.unreachable(host, e, call.wasSilent());
      }
    }
  }

  private KnownHosts knownHosts(HostSettings host) throws BackupException {
    if (options.knownHosts() != null) {
      return KnownHosts.read(List.of(options.knownHosts()));
    }
    List<Path> files = new ArrayList<>(host.userKnownHosts());
    files.addAll(host.globalKnownHosts());
    return KnownHosts.read(files);
  }

  /** After a failure, which is what matters. */
  private static void close(SshConnection connection) {
    try {
      connection.disconnect();
    } catch (IOException e) {
      connection.socket().abort();
    }
  }

  /** Hands out a socket that is connected already. */
  private static final class Prepared extends SocketFactory {
    private final SshSocket socket;

    Prepared(SshSocket socket) {
      this.socket = socket;
    }

    @Override
    public Socket createSocket() {
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }
}
