package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.spi.encryption.Secret;
import java.util.Optional;

/**
 * A mail server that takes messages to be sent.
 *
 * @param host name or number, without brackets
 */
record MailServer(String host, int port, Tls tls, Optional<Login> login) {

  /** How the connection is encrypted. */
  enum Tls {
    STARTTLS(587),
    TLS(465),
    NONE(25);

    private final int usualPort;

    Tls(int usualPort) {
      this.usualPort = usualPort;
    }

    int usualPort() {
      return usualPort;
    }
  }

  /** A user of the server. Its text does not show the password. */
  record Login(String user, Secret password) {}

  /** Whether nothing on the way can read along. */
  static boolean isOnThisHost(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
