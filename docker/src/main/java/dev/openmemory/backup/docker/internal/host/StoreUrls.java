package dev.openmemory.backup.docker.internal.host;

import dev.openmemory.backup.docker.internal.engine.Container;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Where the REST interface of Qdrant in a container may be reached from here. */
public final class StoreUrls {
  private static final int PORT = 6333;

  private StoreUrls() {}

  /**
   * The likeliest first.
   *
   * @param host of the engine, on which ports are published
   * @param paths tell which networks of containers this process reaches
   */
  public static List<URI> of(Container container, String host, HostPaths paths) {
    int port = port(container);
    List<URI> addresses = new ArrayList<>();
    Container.Published published = container.ports().get(port);
    boolean isOnHost = !(paths instanceof HostPaths.Mounted inside) || inside.sharesNetworkOfHost();
    if (published != null && isOnHost) {
      addresses.add(uri(host, published.port()));
    }
    reached(container, paths).forEach(address -> addresses.add(uri(address, port)));
    return addresses;
  }

  private static List<String> reached(Container container, HostPaths paths) {
    if (paths instanceof HostPaths.Mounted inside && !inside.sharesNetworkOfHost()) {
      return inside.addresses(container);
    }
    return paths instanceof HostPaths.Apart ? List.of() : container.address().stream().toList();
  }

  private static URI uri(String host, int port) {
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  private static int port(Container container) {
    try {
      return Integer.parseInt(
          container.environment().getOrDefault("QDRANT__SERVICE__HTTP_PORT", "" + PORT));
    } catch (NumberFormatException e) {
      return PORT;
    }
  }
}
