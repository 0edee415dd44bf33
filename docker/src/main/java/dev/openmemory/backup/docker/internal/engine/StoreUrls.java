package dev.openmemory.backup.docker.internal.engine;

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
   * @param isThisHost whether the networks of containers are those of this host
   */
  public static List<URI> of(Container container, String host, boolean isThisHost) {
    int port = port(container);
    List<URI> addresses = new ArrayList<>();
    Container.Published published = container.ports().get(port);
    if (published != null) {
      addresses.add(uri(host, published.port()));
    }
    if (isThisHost) {
      container.address().ifPresent(address -> addresses.add(uri(address, port)));
    }
    return addresses;
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
