package dev.openmemory.backup;

import dev.openmemory.backup.internal.qdrant.server.ApiKey;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.net.URI;
import java.util.Optional;

/** Reads from a running Qdrant, for plug-ins that know where one is. */
public final class RunningQdrant {
  private RunningQdrant() {}

  /**
   * The Qdrant at an {@code http} or {@code https} address; asks nothing yet. It has to be closed.
   *
   * @param apiKey shown to the server
   * @param cancellation ends every call
   * @throws BackupException of kind {@code INVALID} when the address or the key cannot be one
   */
  public static VectorStore at(URI address, Optional<String> apiKey, Cancellation cancellation)
      throws BackupException {
    Optional<ApiKey> key =
        apiKey.isEmpty() ? Optional.empty() : Optional.of(ApiKey.of(apiKey.get(), "API key"));
    return QdrantClient.of(address, key, cancellation);
  }
}
