package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.watch.CallWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import net.schmizz.sshj.DefaultSecurityProviderConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;

/**
 * Connects to a server of a test with nothing from the user's files.
 *
 * @param port the server's, or that of a proxy before it
 */
record KnownServer(int port, String user, Path identity, Path knownHosts) implements SshConnector {
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** That server; the file is written. */
  static KnownServer of(SftpServer server, int port, Path knownHosts) throws IOException {
    return new KnownServer(
        port, server.user(), server.identity(), server.knownHosts(knownHosts, port));
  }

  @Override
  public SSHClient connect() throws BackupException {
    SSHClient client = new SSHClient(new DefaultSecurityProviderConfig());
    try {
      client.setConnectTimeout((int) TIMEOUT.toMillis());
      client.getTransport().setTimeoutMs((int) TIMEOUT.toMillis());
      client.addHostKeyVerifier(new OpenSSHKnownHosts(knownHosts.toFile()));
      client.connect(SftpServer.HOST, port);
      client.authPublickey(user, identity.toString());
      return client;
    } catch (IOException e) {
      try {
        client.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw new BackupException(Kind.UNAVAILABLE, "connect", "sftp:test", "" + e.getMessage(), e);
    }
  }

  SftpBackupTarget target(String path) {
    return target(path, TIMEOUT, 4);
  }

  SftpBackupTarget target(String path, Duration timeout, int parallelism) {
    SftpOptions options =
        new SftpOptions(
            List.of(),
            null,
            null,
            null,
            SftpOptions.HostKeyPolicy.STRICT,
            null,
            null,
            parallelism,
            timeout,
            Duration.ZERO,
            OptionalLong.empty());
    return new SftpBackupTarget(
        "sftp://" + SftpServer.HOST + ":" + port + path,
        path,
        this,
        new CallWatch("sftp-test-watch"),
        options,
        Clock.systemUTC());
  }
}
