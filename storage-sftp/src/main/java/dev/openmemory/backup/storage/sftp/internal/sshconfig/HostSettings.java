package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one host is reached, after all that ssh_config says about it.
 *
 * @param alias as it was asked for
 * @param hostName to connect to, in lower case
 * @param identityFiles empty when nothing names any: then the usual ones count
 * @param identitiesNamed whether something names them, be it {@code none}
 * @param agentSocket null when there is no agent, or none is to be asked
 * @param keyAlias the name in files of known hosts, if not the host's
 * @param strict whether an unknown key is refused, whatever the options say
 * @param jumps the hosts on the way, the nearest to us first
 * @param proxyCommand for a shell, which makes the connection; null for none
 * @param family of the addresses to use; null for any
 */
public record HostSettings(
    String alias,
    String hostName,
    int port,
    String user,
    List<Path> identityFiles,
    boolean identitiesNamed,
    boolean identitiesOnly,
    @Nullable Path agentSocket,
    List<Path> certificateFiles,
    List<Path> userKnownHosts,
    List<Path> globalKnownHosts,
    @Nullable String keyAlias,
    boolean strict,
    List<HostAddress> jumps,
    @Nullable String proxyCommand,
    @Nullable StandardProtocolFamily family,
    Optional<Duration> connectTimeout,
    Optional<Duration> keepalive) {

  public static final int DEFAULT_PORT = 22;

  /** Whether the family of the address is one to use. */
  public boolean mayUse(InetAddress address) {
    return family == null
        || (family == StandardProtocolFamily.INET) == (address instanceof Inet4Address);
  }

  /** Without the command, which may hold a secret. */
  @Override
  public String toString() {
    return alias + " at " + address();
  }

  /** For messages: {@code user@host:port}. */
  public String address() {
    return user + "@" + place();
  }

  /** For the location of failures. */
  public String location() {
    return "sftp://" + address();
  }

  /** For messages: {@code host:port}. */
  public String place() {
    return (hostName.contains(":") ? "[" + hostName + "]" : hostName) + ":" + port;
  }
}
