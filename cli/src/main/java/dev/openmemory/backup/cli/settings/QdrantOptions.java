package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.QdrantSnapshots;
import dev.openmemory.backup.docker.Discovery;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Qdrant serves, and what it wants to be shown. */
public final class QdrantOptions {
  /** As Qdrant itself names it in its documentation. */
  static final String KEY_VARIABLE = "QDRANT_API_KEY";

  private static final String DEFAULT_URL = "http://localhost:6333";

  @Option(
      names = "--qdrant-url",
      paramLabel = "URL",
      split = ",",
      description =
          "The address of Qdrant's REST API (default: the address of its container, if"
              + " one is found, else http://localhost:6333). For a cluster name each node,"
              + " separated by commas or by repeating the option.")
  List<String> urls = new ArrayList<>();

  @Option(
      names = "--qdrant-api-key-file",
      paramLabel = "FILE",
      description =
          "A file with the API key of Qdrant (default: the variable QDRANT_API_KEY, if it is set).")
  @Nullable Path apiKeyFile;

  /** The addresses, at least one. */
  List<URI> addresses() throws BackupException {
    List<URI> addresses = new ArrayList<>();
    for (String url : urls.isEmpty() ? List.of(DEFAULT_URL) : urls) {
      addresses.add(uri(url));
    }
    return addresses;
  }

  private static URI uri(String text) throws BackupException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // The text may hold a secret, and so does the exception.
      throw Kind.INVALID.failure("read address of Qdrant", "", "is not an address");
    }
  }

  /** The address of the Qdrant of this home, found as a backup finds it. Reports the choice. */
  private List<URI> found(Session session) throws IOException {
    InstallationOptions vectors = new InstallationOptions();
    vectors.only.add(Component.VECTORS);
    vectors.qdrant = Qdrant.SNAPSHOT;
    vectors.server = this;
    Discovery found =
        new InstallationFinder(session, vectors, VectorsChoice.forBackup(vectors), true).find();
    found.findings().stream()
        .filter(finding -> finding.subject().equals(Component.VECTORS))
        .forEach(at -> session.terminal().note("Qdrant: " + at.place() + ": " + at.why()));
    List<URI> addresses = new ArrayList<>();
    for (Part part : found.installation().parts()) {
      for (String url : part.options().getOrDefault("urls", "").split(",", -1)) {
        if (!url.isEmpty()) {
          addresses.add(uri(url));
        }
      }
    }
    return addresses.isEmpty() ? addresses() : addresses;
  }

  /** The snapshots of the one server; each node of a cluster has its own. */
  public QdrantSnapshots snapshots(Session session) throws IOException {
    List<URI> addresses = urls.isEmpty() ? found(session) : addresses();
    if (addresses.size() > 1) {
      throw Kind.INVALID.failure("find snapshots", "", "more than one --qdrant-url is given");
    }
    URI address = addresses.get(0);
    if (apiKeyFile != null) {
      return QdrantSnapshots.open(address, apiKeyFile, session.host().cancellation());
    }
    String variable = session.host().environment().getOrDefault(KEY_VARIABLE, "");
    return QdrantSnapshots.open(
        address,
        Optional.of(variable).filter(key -> !key.isBlank()),
        session.host().cancellation());
  }
}
