package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.qdrant.server.ApiKey;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.text.UriHost;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** See {@link QdrantSnapshotSourceProvider}. */
record ServerOptions(
    List<URI> urls,
    Optional<Path> keyFile,
    Optional<String> keyVariable,
    Optional<Path> work,
    boolean replaceCollections,
    boolean anyVersion) {
  static final Set<String> NAMES =
      Set.of(
          "urls", "api-key-file", "api-key-variable", "work", "replace-collections", "any-version");

  static ServerOptions of(ProviderOptions options) throws BackupException {
    List<URI> urls = new ArrayList<>();
    for (String text : options.text("urls").orElse("").split(",", -1)) {
      urls.add(url(text.strip()));
    }
    return new ServerOptions(
        List.copyOf(urls),
        path(options, "api-key-file"),
        options.text("api-key-variable"),
        path(options, "work"),
        options.flag("replace-collections", false),
        options.flag("any-version", false));
  }

  private static Optional<Path> path(ProviderOptions options, String name) throws BackupException {
    return options.text(name).isPresent()
        ? Optional.of(options.path(name).toAbsolutePath().normalize())
        : Optional.empty();
  }

  /** Not quoted in the message: it may hold a key. */
  private static URI url(String text) throws BackupException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw Kind.INVALID.failure("options of qdrant-snapshot", "", "'urls' has an invalid address");
    }
  }

  /** A client of the node; the caller closes it. */
  QdrantClient client(URI node, Cancellation cancellation) throws IOException {
    return QdrantClient.of(node, key(), cancellation);
  }

  private Optional<ApiKey> key() throws IOException {
    if (keyFile.isPresent()) {
      return Optional.of(ApiKey.in(keyFile.get()));
    }
    Optional<String> variable = keyVariable.filter(name -> System.getenv(name) != null);
    return variable.isPresent()
        ? Optional.of(ApiKey.of(System.getenv(variable.get()), variable.get()))
        : Optional.empty();
  }

  /** All addresses, without what must not be shown. */
  String describe() {
    return String.join(
        ",", urls.stream().map(url -> url.getScheme() + "://" + UriHost.withPort(url)).toList());
  }
}
