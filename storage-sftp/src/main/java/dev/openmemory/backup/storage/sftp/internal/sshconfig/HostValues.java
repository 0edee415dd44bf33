package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was read for a host so far. The first value of a keyword is the one that counts. */
final class HostValues {
  private static final Pattern TIME =
      Pattern.compile("([0-9]{1,9})([smhdw]?)", Pattern.CASE_INSENSITIVE);
  private static final int LAST_PORT = 65_535;

  private final String host;
  private final @Nullable List<HostAddress> jumps;
  private final ClientEnvironment local;
  private final Map<String, ConfigLine> values = new HashMap<>();
  private final Set<String> identityFiles = new LinkedHashSet<>();
  private final Set<String> certificateFiles = new LinkedHashSet<>();

  /** What the address says, and the jumps unless they are null, count more than any file. */
  HostValues(HostAddress address, @Nullable List<HostAddress> jumps, ClientEnvironment local) {
    this.host = address.host();
    this.jumps = jumps;
    this.local = local;
    given("user", address.user());
    given("port", address.port() == 0 ? null : String.valueOf(address.port()));
  }

  private void given(String keyword, @Nullable String value) {
    if (value != null) {
      values.put(keyword, new ConfigLine(keyword, List.of(value), "options of sftp"));
    }
  }

  /** As it was asked for. */
  String host() {
    return host;
  }

  /** Takes a line of our own reader: what it does not know is refused. */
  void readWritten(ConfigLine line) throws BackupException {
    boolean counts = jumps == null && !isProxyKnown();
    if (Keywords.isForSshAlone(line, counts)) {
      throw line.unsupported();
    }
    read(line);
  }

  /** Takes a line for the host. */
  void read(ConfigLine line) throws BackupException {
    switch (line.keyword()) {
      case "identityfile" -> identityFiles.add(line.argument());
      case "certificatefile" -> certificateFiles.add(line.argument());
      case "proxyjump", "proxycommand" -> {
        line.argument();
        if (jumps == null && !isProxyKnown()) {
          values.put(line.keyword(), line);
        }
      }
      default -> {
        if (Keywords.isFirstValue(line)) {
          line.argument();
          values.putIfAbsent(line.keyword(), line);
        } else if (Keywords.isRefused(line)) {
          throw line.failure(Kind.UNSUPPORTED, line.keyword() + " is not supported");
        }
      }
    }
  }

  /** Of both the first one counts. */
  private boolean isProxyKnown() {
    return values.containsKey("proxyjump") || values.containsKey("proxycommand");
  }

  String hostNameSoFar() throws BackupException {
    Optional<String> name = value("hostname");
    return name.isEmpty() ? host : new Tokens(Map.of("h", host), local).expand(name.get());
  }

  String userSoFar() {
    return value("user").orElse(local.user());
  }

  /** Of what is known without the files. */
  Tokens tokens() {
    return new Tokens(Map.of("d", local.home().toString(), "u", local.user()), local);
  }

  HostSettings settings() throws BackupException {
    String hostName = hostNameSoFar().toLowerCase(Locale.ROOT);
    int port = port();
    Tokens tokens = tokens(hostName, port);
    return new HostSettings(
        host,
        hostName,
        port,
        userSoFar(),
        paths(identityFiles, tokens),
        !identityFiles.isEmpty(),
        flag("identitiesonly"),
        agentSocket(tokens),
        paths(certificateFiles, tokens),
        files("userknownhostsfile", local.folder(), "known_hosts", tokens),
        files("globalknownhostsfile", local.system(), "ssh_known_hosts", tokens),
        value("hostkeyalias").map(alias -> alias.toLowerCase(Locale.ROOT)).orElse(null),
        value("stricthostkeychecking").filter(v -> v.matches("(?i)yes|true")).isPresent(),
        jumps(tokens),
        proxyCommand(tokens),
        family(),
        time("connecttimeout"),
        time("serveraliveinterval"));
  }

  private List<HostAddress> jumps(Tokens tokens) throws BackupException {
    if (jumps != null) {
      return jumps;
    }
    ConfigLine line = values.get("proxyjump");
    return line == null ? List.of() : HostAddress.parse(tokens.expandLetters(line.argument()));
  }

  private @Nullable String proxyCommand(Tokens tokens) throws BackupException {
    ConfigLine line = values.get("proxycommand");
    return line == null || line.argument().equalsIgnoreCase("none")
        ? null
        : tokens.expandLetters(line.argument());
  }

  private @Nullable StandardProtocolFamily family() {
    return switch (value("addressfamily").orElse("any").toLowerCase(Locale.ROOT)) {
      case "inet" -> StandardProtocolFamily.INET;
      case "inet6" -> StandardProtocolFamily.INET6;
      default -> null;
    };
  }

  private Tokens tokens(String hostName, int port) {
    Map<String, String> all =
        Map.of(
            "d", local.home().toString(),
            "u", local.user(),
            "h", hostName,
            "n", host,
            "p", String.valueOf(port),
            "r", userSoFar(),
            "k", value("hostkeyalias").orElse(host));
    return new Tokens(all, local);
  }

  private Optional<String> value(String keyword) {
    return Optional.ofNullable(values.get(keyword)).map(line -> line.arguments().get(0));
  }

  private int port() throws BackupException {
    ConfigLine line = values.get("port");
    if (line == null) {
      return HostSettings.DEFAULT_PORT;
    }
    if (!line.argument().matches("[0-9]{1,5}")) {
      throw line.invalid("has a port that is no number");
    }
    int port = Integer.parseInt(line.argument());
    if (port == 0 || port > LAST_PORT) {
      throw line.invalid("has a port that is not between 1 and " + LAST_PORT);
    }
    return port;
  }

  private boolean flag(String keyword) throws BackupException {
    ConfigLine line = values.get(keyword);
    return line != null
        && switch (line.argument().toLowerCase(Locale.ROOT)) {
          case "yes", "true" -> true;
          case "no", "false" -> false;
          default -> throw line.invalid("has neither yes nor no for " + keyword);
        };
  }

  private Optional<Duration> time(String keyword) throws BackupException {
    ConfigLine line = values.get(keyword);
    if (line == null || line.argument().equalsIgnoreCase("none")) {
      return Optional.empty();
    }
    Matcher part = TIME.matcher(line.argument());
    long seconds = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      seconds += Long.parseLong(part.group(1)) * unit(part.group(2));
      end = part.end();
    }
    if (end != line.argument().length()) {
      throw line.invalid("has no time, such as 30 or 1m30s, for " + keyword);
    }
    return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }

  private static long unit(String letter) {
    return switch (letter.toLowerCase(Locale.ROOT)) {
      case "m" -> 60;
      case "h" -> 3_600;
      case "d" -> 86_400;
      case "w" -> 604_800;
      default -> 1;
    };
  }

  private @Nullable Path agentSocket(Tokens tokens) throws BackupException {
    String named = value("identityagent").orElse("SSH_AUTH_SOCK");
    if (named.equalsIgnoreCase("none")) {
      return null;
    }
    if (named.equals("SSH_AUTH_SOCK")) {
      return socketIn(named);
    }
    if (named.startsWith("$") && !named.startsWith("${")) {
      return socketIn(named.substring(1));
    }
    return tokens.path(named);
  }

  private @Nullable Path socketIn(String variable) {
    String socket = local.environment().get(variable);
    return socket == null || socket.isEmpty() ? null : Path.of(socket);
  }

  private static List<Path> paths(Set<String> names, Tokens tokens) throws BackupException {
    List<Path> paths = new ArrayList<>();
    for (String name : names) {
      if (!name.equalsIgnoreCase("none")) {
        paths.add(tokens.path(name));
      }
    }
    return List.copyOf(paths);
  }

  private List<Path> files(String keyword, Path folder, String usual, Tokens tokens)
      throws BackupException {
    ConfigLine line = values.get(keyword);
    if (line == null) {
      return List.of(folder.resolve(usual), folder.resolve(usual + "2"));
    }
    return paths(new LinkedHashSet<>(line.arguments()), tokens);
  }
}
