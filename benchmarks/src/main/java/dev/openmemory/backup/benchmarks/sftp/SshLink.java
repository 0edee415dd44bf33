package dev.openmemory.backup.benchmarks.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * An sshd of this host at some distance, and the options with which programs reach it.
 *
 * @param between what else there is on the way, and goes with it
 * @param port where programs reach it
 */
public record SshLink(SshServer server, Closeable between, int port) implements Closeable {
  /** Directly to a server of its own. */
  public static SshLink open() throws IOException, InterruptedException {
    SshServer server = SshServer.start();
    return new SshLink(server, () -> {}, server.port());
  }

  /** To one that seems far away. */
  static SshLink delayed(Duration roundTrip) throws IOException, InterruptedException {
    SshServer server = SshServer.start();
    try {
      DelayingProxy proxy = DelayingProxy.to(server.port(), roundTrip.dividedBy(2));
      return new SshLink(server, proxy, proxy.port());
    } catch (Throwable e) {
      server.close();
      throw e;
    }
  }

  /** As our target takes it. */
  public String uri() throws IOException {
    return String.format(
        Locale.ROOT,
        "sftp://%s@%s:%d%s?identity-file=%s&known-hosts=%s&ssh-config=%s",
        user(),
        SshServer.ADDRESS,
        port,
        server.store(),
        server.userKey(),
        server.knownHosts(port),
        file("no-configuration", ""));
  }

  /** Where clients put what they upload. */
  public Path store() {
    return server.store();
  }

  /** A file for {@code ssh -F} that knows the host {@code server}. */
  public Path configuration() throws IOException {
    return file(
        "ssh-config",
        String.join(
            "\n",
            "Host server",
            "HostName " + SshServer.ADDRESS,
            "Port " + port,
            "User " + user(),
            "IdentityFile " + server.userKey(),
            "IdentitiesOnly yes",
            "UserKnownHostsFile " + server.knownHosts(port),
            "BatchMode yes",
            "LogLevel ERROR",
            ""));
  }

  /** One that goes with the server. */
  Path file(String name, String content) throws IOException {
    return Files.writeString(server.folder().path().resolve(name), content);
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  @Override
  public void close() throws IOException {
    try (server) {
      between.close();
    }
  }
}
