package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a running Qdrant tells for a comparison.
 *
 * @param collections the names of all
 * @param ids those of the wanted collection; empty when it is not among them
 */
public record AskedPoints(List<String> collections, Optional<PointIds> ids) implements Closeable {
  public AskedPoints {
    collections = List.copyOf(collections);
  }

  /**
   * Asks the server.
   *
   * @param wanted the collection that is compared; of all others no id is asked for
   */
  public static AskedPoints of(QdrantClient server, Optional<String> wanted, IdFolder folder)
      throws IOException {
    List<String> collections = server.collections();
    Optional<String> present = wanted.filter(collections::contains);
    return new AskedPoints(
        collections,
        present.isPresent()
            ? Optional.of(PointIds.of(server, present.get(), folder))
            : Optional.empty());
  }

  @Override
  public void close() throws IOException {
    if (ids.isPresent()) {
      ids.get().close();
    }
  }
}
