package dev.openmemory.backup.storage.s3.internal.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.text.UriHost;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy of the environment, which may be asked by plain HTTP for connections by HTTPS: the SDK
 * would look for one that is asked by HTTPS.
 *
 * @param endpoint its address, without a user
 * @param user and password are null when none is given
 * @param direct patterns of the hosts that it is not asked for
 */
public record Proxy(
    URI endpoint, @Nullable String user, @Nullable String password, Set<String> direct) {
  private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * The one for requests by that scheme.
   *
   * @throws BackupException of kind {@code INVALID} when it is no address; its value, which may
   *     hold a password, is not repeated
   */
  static Optional<Proxy> of(AwsSettings settings, @Nullable URI store) throws BackupException {
    String scheme = store == null ? "https" : store.getScheme().toLowerCase(Locale.ROOT);
    String own = scheme + "_proxy";
    Optional<String> name =
        Stream.of(own, own.toUpperCase(Locale.ROOT), "all_proxy", "ALL_PROXY")
            .filter(variable -> isMeant(settings, variable))
            .findFirst();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    URI uri = parse(settings.variable(name.get()).orElseThrow(), name.get());
    String[] user = String.valueOf(uri.getRawUserInfo()).split(":", 2);
    boolean named = uri.getRawUserInfo() != null;
    int port = uri.getPort() > 0 ? uri.getPort() : isHttps(uri) ? HTTPS_PORT : HTTP_PORT;
    return Optional.of(
        new Proxy(
            URI.create(uri.getScheme() + "://" + UriHost.of(uri).orElseThrow() + ":" + port),
            named ? decode(user[0]) : null,
            named && user.length > 1 ? decode(user[1]) : null,
            direct(settings.variable("no_proxy", "NO_PROXY").orElse(""))));
  }

  /** A variable for all programs may name a proxy of another protocol, which others speak. */
  private static boolean isMeant(AwsSettings settings, String variable) {
    String value = settings.variable(variable).orElse("").toLowerCase(Locale.ROOT);
    boolean other = value.contains("://") && !value.matches("https?://.*");
    if (other && variable.equalsIgnoreCase("all_proxy")) {
      LOG.debug("the variable {} is not used: it names no proxy for HTTP", variable);
      return false;
    }
    return !value.isEmpty();
  }

  private static URI parse(String value, String name) throws BackupException {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      if (String.valueOf(uri.getScheme()).matches("https?") && UriHost.of(uri).isPresent()) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Its message repeats the value.
    }
    throw Kind.INVALID.failure(
        "open target", "s3:", "the variable " + name + " is not like http://host:port");
  }

  private static boolean isHttps(URI uri) {
    return "https".equals(uri.getScheme());
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** A name stands for itself and for all names below it. */
  private static Set<String> direct(String hosts) {
    return Stream.of(hosts.split(","))
        .map(host -> host.strip().toLowerCase(Locale.ROOT))
        .filter(host -> !host.isEmpty())
        .map(Proxy::pattern)
        .collect(Collectors.toSet());
  }

  private static String pattern(String host) {
    if (host.equals("*")) {
      return ".*";
    }
    String name = host.replaceFirst("^\\*?\\.", "").replaceFirst(":\\d+$", "");
    return "(.*\\.)?" + Pattern.quote(name);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return endpoint.toString();
  }
}
