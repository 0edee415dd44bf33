package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.sftp.internal.connect.SshLogin;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpLocation;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reaches a server of a test with nothing from the user's files.
 *
 * @param port the server's, or that of a proxy before it
 */
record KnownServer(int port, String user, Path identity, Path knownHosts) {
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** That server; the file is written. */
  static KnownServer of(SftpServer server, int port, Path knownHosts) throws IOException {
    return new KnownServer(
        port, server.user(), server.identity(), server.knownHosts(knownHosts, port));
  }

  /** Of the first four arguments of a child process: port, user, key file, known hosts. */
  static KnownServer of(String[] arguments) {
    return new KnownServer(
        Integer.parseInt(arguments[0]), arguments[1], Path.of(arguments[2]), Path.of(arguments[3]));
  }

  SftpBackupTarget target(String path) {
    return target(path, 4, TIMEOUT, new Machine());
  }

  SftpBackupTarget target(String path, int parallelism, Duration timeout, Machine machine) {
    SftpOptions options =
        new SftpOptions(
            List.of(identity),
            null,
            null,
            knownHosts,
            SftpOptions.HostKeyPolicy.STRICT,
            null,
            null,
            parallelism,
            timeout,
            Duration.ZERO,
            OptionalLong.empty());
    SftpLocation location = new SftpLocation(user, SftpServer.HOST, port, path);
    Path nothing = knownHosts.resolveSibling("no-home");
    ClientEnvironment local =
        new ClientEnvironment(System.getProperty("user.name"), nothing, nothing, Map.of(), null);
    CallWatch watch = new CallWatch("sftp-test-watch");
    return new SftpBackupTarget(
        location.toString(),
        path,
        new SshLogin(location, options, watch, local),
        watch,
        options,
        machine);
  }
}
