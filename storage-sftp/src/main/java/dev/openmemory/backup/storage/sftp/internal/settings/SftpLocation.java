package dev.openmemory.backup.storage.sftp.internal.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where backups are: {@code sftp://[user@]host[:port]/path}.
 *
 * @param user null for what ssh_config or the system says
 * @param host as given, perhaps an alias of ssh_config; without the brackets of an IPv6 address
 * @param port zero for what ssh_config says, or 22
 * @param path absolute, or relative to the login directory if it came as {@code /~/path}; without a
 *     slash at its end; {@code .} for the login directory itself
 */
public record SftpLocation(@Nullable String user, String host, int port, String path) {
  /** Looser than the rule for names in the DNS: aliases of ssh_config may have underscores. */
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:(?<user>[^@:]+)@)?"
              + "(?:\\[(?<address>[0-9A-Fa-f:.]+(?:%25[A-Za-z0-9._-]+)?)]|(?<name>[A-Za-z0-9._-]+))"
              + "(?::(?<port>[0-9]{1,5}))?");

  private static final Pattern ODD_SEGMENT = Pattern.compile("(.*/)?(\\.{0,2})/.*");
  private static final int LAST_PORT = 65_535;

  public static SftpLocation parse(URI uri) throws BackupException {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    int at = authority.lastIndexOf('@');
    if (at >= 0 && authority.substring(0, at).contains(":")) {
      // Not repeated: it is a secret.
      throw invalid("a password in a location is refused");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw invalid("a query or fragment has no meaning in a location");
    }
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches() || uri.getRawPath() == null || uri.getRawPath().isEmpty()) {
      throw invalid("a location is sftp://[user@]host[:port]/path");
    }
    String user = parts.group("user");
    String address = parts.group("address");
    return new SftpLocation(
        user == null ? null : decoded(user),
        address == null ? parts.group("name") : address.replace("%25", "%"),
        port(parts.group("port")),
        path(decoded(uri.getRawPath())));
  }

  private static int port(@Nullable String text) throws BackupException {
    if (text == null) {
      return 0;
    }
    int port = Integer.parseInt(text);
    if (port == 0 || port > LAST_PORT) {
      throw invalid("port " + port + " is not between 1 and " + LAST_PORT);
    }
    return port;
  }

  private static String path(String decoded) throws BackupException {
    String withEnd = decoded.endsWith("/") ? decoded : decoded + "/";
    if (withEnd.equals("/")) {
      return "/";
    }
    if (ODD_SEGMENT.matcher(withEnd.substring(1)).matches()) {
      throw invalid("a path has no empty segments, and none that are '.' or '..'");
    }
    if (decoded.chars().anyMatch(Character::isISOControl)) {
      throw invalid("a path has no control characters");
    }
    String path = withEnd.substring(0, withEnd.length() - 1);
    if (path.equals("/~")) {
      return ".";
    }
    if (path.startsWith("/~/")) {
      return path.substring("/~/".length());
    }
    if (path.startsWith("/~")) {
      throw invalid("only the own login directory has a short form, '/~/'");
    }
    return path;
  }

  /** Unlike {@code URLDecoder}, leaves a plus as it is. */
  private static String decoded(String raw) throws BackupException {
    try {
      // Behind something, as two slashes would begin an authority.
      return new URI("/-" + raw).getPath().substring(2);
    } catch (URISyntaxException e) {
      throw invalid("is not encoded as URIs are: " + e.getReason());
    }
  }

  /** As a URI that {@link #parse} reads to the same location; holds no secret. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("sftp://");
    if (user != null) {
      text.append(encoded(user)).append('@');
    }
    text.append(host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host);
    if (port != 0) {
      text.append(':').append(port);
    }
    String inUri = path.startsWith("/") ? path : path.equals(".") ? "/~" : "/~/" + path;
    for (String segment : inUri.substring(1).split("/", -1)) {
      text.append('/').append(encoded(segment));
    }
    return text.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
  }

  private static BackupException invalid(String fact) {
    return Kind.INVALID.failure("open target", "sftp://", fact);
  }
}
