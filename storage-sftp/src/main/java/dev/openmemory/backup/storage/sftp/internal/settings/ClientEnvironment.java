package dev.openmemory.backup.storage.sftp.internal.settings;

import java.nio.file.Path;
import java.util.Map;

/**
 * What of this host ssh looks at.
 *
 * @param user that runs this process
 * @param home the place of {@code ~}
 * @param system the place of the system's files, {@code /etc/ssh}
 * @param environment for the socket of the agent, and for variables in ssh_config
 */
public record ClientEnvironment(
    String user, Path home, Path system, Map<String, String> environment) {
  public static ClientEnvironment current() {
    return new ClientEnvironment(
        System.getProperty("user.name", ""),
        Path.of(System.getProperty("user.home", "")),
        Path.of("/etc/ssh"),
        System.getenv());
  }

  /** The user's folder of ssh. */
  public Path folder() {
    return home.resolve(".ssh");
  }

  /** Without the environment, which holds secrets. */
  @Override
  public String toString() {
    return user + ", " + home;
  }
}
