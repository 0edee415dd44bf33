package dev.openmemory.backup.docker.internal.connect;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An engine that the {@code docker} program of another host reaches.
 *
 * @param user empty for the one that ssh takes
 * @param host a name of ssh_config, too
 * @param port -1 for the one that ssh takes
 * @param socket of the engine there; empty for the one that {@code docker} takes
 */
record SshAddress(Optional<String> user, String host, int port, Optional<String> socket) {
  /** Both shells and ssh_config may act on other characters. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:%][A-Za-z0-9_.:%@-]*");

  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_./-]+");

  /** How long ssh tries to reach the host, in seconds. */
  private static final int CONNECT_SECONDS = 20;

  /** Empty when it is not of the kind {@code ssh://user@host:port/path}. */
  static Optional<SshAddress> of(URI uri) {
    Optional<String> user = Optional.ofNullable(uri.getUserInfo());
    String host = uri.getHost() == null ? "" : uri.getHost().replaceAll("[\\[\\]]", "");
    String path = uri.getPath().equals("/") ? "" : uri.getPath();
    boolean good =
        user.stream().allMatch(name -> NAME.matcher(name).matches() && !name.contains(":"))
            && NAME.matcher(host).matches()
            && (path.isEmpty() || PATH.matcher(path).matches())
            && uri.getQuery() == null
            && uri.getFragment() == null;
    return good
        ? Optional.of(
            new SshAddress(
                user, host, uri.getPort(), Optional.of(path).filter(socket -> !socket.isEmpty())))
        : Optional.empty();
  }

  /** Connects standard input and output to the engine. Without a terminal, ssh must not ask. */
  List<String> command(List<String> ssh) {
    List<String> command = new ArrayList<>(ssh);
    command.addAll(List.of("-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=" + CONNECT_SECONDS));
    user.ifPresent(name -> command.addAll(List.of("-l", name)));
    if (port >= 0) {
      command.addAll(List.of("-p", String.valueOf(port)));
    }
    command.addAll(List.of("--", host, "docker"));
    socket.ifPresent(path -> command.addAll(List.of("--host", "unix://" + path)));
    command.addAll(List.of("system", "dial-stdio"));
    return command;
  }
}
