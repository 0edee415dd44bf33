package dev.openmemory.backup.internal.text;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts of addresses, also those with an underscore, as names of Compose's services often have. To
 * {@link URI} these are no hosts, and clients refuse an address without one.
 */
public final class UriHost {
  private static final Pattern NAME =
      Pattern.compile("(?<host>[A-Za-z0-9._-]+)(?<port>:[0-9]{0,5})?");

  private UriHost() {}

  /** The host; empty for an address without one. */
  public static Optional<String> of(URI address) {
    if (address.getHost() != null) {
      return Optional.of(address.getHost());
    }
    Matcher name = NAME.matcher(withPort(address));
    return name.matches() ? Optional.of(name.group("host")) : Optional.empty();
  }

  /** Host and port as they are written, without a user and what belongs to one. */
  public static String withPort(URI address) {
    return Objects.requireNonNullElse(address.getRawAuthority(), "").replaceFirst(".*@", "");
  }

  /** Whether there is a user before the host, perhaps with a password. */
  public static boolean hasUser(URI address) {
    return address.getRawAuthority() != null && address.getRawAuthority().contains("@");
  }

  /**
   * An address that clients accept: the same one, or with a number in place of a name that {@link
   * URI} does not know as a host.
   *
   * @throws UnknownHostException when no number is known for the name
   */
  public static URI connectable(URI address) throws UnknownHostException {
    Matcher name = NAME.matcher(withPort(address));
    if (address.getHost() != null || hasUser(address) || !name.matches()) {
      return address;
    }
    InetAddress host = InetAddress.getByName(name.group("host"));
    String number =
        host instanceof Inet6Address ? "[" + host.getHostAddress() + "]" : host.getHostAddress();
    String port = Objects.requireNonNullElse(name.group("port"), "");
    String rest = address.getRawSchemeSpecificPart().substring(2 + withPort(address).length());
    return URI.create(address.getScheme() + "://" + number + port + rest);
  }
}
