package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.internal.engine.Container;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where an API looks for Qdrant. Its text is never shown: the variable may hold a key.
 *
 * @param host a name or an address
 */
record StoreAddress(String host) {
  private static final Set<String> THIS_HOST =
      Set.of("localhost", "127.0.0.1", "host.docker.internal", "host.containers.internal");
  private static final int SHORT_ID = 12;

  static Optional<StoreAddress> ofUrl(String url) {
    return ofHost(hostOf(url.strip()));
  }

  /** Empty when there is no name in it. */
  static Optional<StoreAddress> ofHost(String host) {
    return host.isBlank() ? Optional.empty() : Optional.of(new StoreAddress(host.strip()));
  }

  boolean isOf(Container store) {
    return host.equals(store.label(DiscoveryInput.SERVICE_LABEL))
        || host.equals(store.name())
        || (host.length() >= SHORT_ID && store.id().startsWith(host))
        || store.address().filter(host::equals).isPresent()
        || (THIS_HOST.contains(host) && !store.ports().isEmpty());
  }

  /** Whether a Qdrant of this host, or of Compose's network on it, may be meant. */
  boolean mayBeHere() {
    return THIS_HOST.contains(host) || Role.STORE_SERVICES.contains(host);
  }

  /** Whether it may be a name that only the containers' network knows. */
  boolean mayBeAlias() {
    return !host.contains(".") && !host.contains(":") && !THIS_HOST.contains(host);
  }

  private static String hostOf(String url) {
    try {
      return Objects.requireNonNullElse(new URI(url).getHost(), authority(url));
    } catch (URISyntaxException e) {
      return authority(url);
    }
  }

  /** Names with an underscore, as Compose's, are no hosts to {@link URI}. */
  private static String authority(String url) {
    String rest = url.substring(url.indexOf("://") < 0 ? 0 : url.indexOf("://") + 3);
    return rest.replaceAll("[/?#].*", "").replaceAll(".*@", "").replaceAll(":[0-9]*$", "");
  }
}
