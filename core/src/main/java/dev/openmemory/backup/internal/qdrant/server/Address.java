package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.text.UriHost;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Where a server is: {@code http://localhost:6333}, behind a proxy also with a path. */
record Address(String base) {

  /** The address without a slash at its end. */
  static Address of(URI uri) throws BackupException {
    String scheme = uri.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      throw invalid(uri, "is not an http or https address");
    }
    if (UriHost.of(uri).isEmpty()) {
      throw invalid(uri, "names no host");
    }
    if (UriHost.hasUser(uri)) {
      throw invalid(
          uri,
          "contains a user, which Qdrant does not support; there is an option for the"
              + " API key");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw invalid(uri, "contains more than a host, a port and a path");
    }
    return new Address(redacted(uri).replaceFirst("/+$", ""));
  }

  /**
   * The address of something below the path. Its parts are percent-encoded already.
   *
   * @throws UnknownHostException when a name that only the resolver knows is not known to it
   */
  URI resolve(String path) throws UnknownHostException {
    return UriHost.connectable(URI.create(base + path));
  }

  /** A name as one part of a path. */
  static String encode(String name) {
    // Dots stand for folders only alone, and then a URI would be shortened.
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replaceFirst("^\\.(\\.?)$", "%2E$1");
  }

  private static String redacted(URI uri) {
    String path = Objects.requireNonNullElse(uri.getRawPath(), "");
    return uri.getScheme() + "://" + UriHost.withPort(uri) + path;
  }

  private static BackupException invalid(URI uri, String fact) {
    String shown = UriHost.of(uri).isEmpty() ? "" : redacted(uri);
    return new BackupException(Kind.INVALID, "read address of Qdrant", shown, fact);
  }

  static String collection(String name) {
    return "/collections/" + encode(name);
  }

  /** The path of the snapshots of a collection. */
  static String snapshots(String collection) {
    return collection(collection) + "/snapshots";
  }

  static String snapshot(String collection, String name) {
    return snapshots(collection) + "/" + encode(name);
  }
}
