package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The answers of a running vector store for a comparison.
 *
 * @param collections the names of all
 * @param ids those of the wanted collection; empty when it is not among them
 */
public record AskedPoints(List<String> collections, Optional<PointIds> ids) implements Closeable {
  public AskedPoints {
    collections = List.copyOf(collections);
  }

  /**
   * Asks the store that runs now; empty when none is known to run.
   *
   * @param wanted the collection that is compared; of all others no id is asked for
   */
  public static Optional<AskedPoints> of(
      OpensVectorStore running, Optional<String> wanted, IdFolder folder) throws IOException {
    Optional<VectorStore> opened = running.openVectorStore(folder.cancellation());
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    VectorStore store = opened.get();
    return Undo.closingOnFailure(
        Undo.closingOnFailure(store, open -> of(open, wanted, folder)),
        asked -> {
          store.close();
          return Optional.of(asked);
        });
  }

  /** Asks the store, and leaves it open. */
  public static AskedPoints of(VectorStore store, Optional<String> wanted, IdFolder folder)
      throws IOException {
    return Boundary.call(
        "read points",
        store.location(),
        () -> {
          List<String> collections = store.collections();
          Optional<String> present = wanted.filter(collections::contains);
          return new AskedPoints(
              collections,
              present.isPresent()
                  ? Optional.of(PointIds.of(store, present.get(), folder))
                  : Optional.empty());
        });
  }

  @Override
  public void close() throws IOException {
    if (ids.isPresent()) {
      ids.get().close();
    }
  }
}
