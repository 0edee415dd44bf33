package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.spi.optional.VectorStore;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import java.io.Closeable;
import java.io.IOException;

/** The ids of a collection's points, sorted, in little memory. */
public final class PointIds implements Closeable {
  private final String collection;
  private final SortedIds ids;
  private final Names users = new Names();
  private long total;
  private long numbers;

  private PointIds(String collection, IdFolder folder) {
    this.collection = collection;
    this.ids = folder.ids();
  }

  /** Asks the store for all. */
  public static PointIds of(VectorStore store, String collection, IdFolder folder)
      throws IOException {
    return Undo.closingOnFailure(
        in(folder, collection),
        ids -> {
          store.points(collection, ids::take);
          return ids;
        });
  }

  /** None yet; they are {@linkplain #take taken} one by one. */
  public static PointIds in(IdFolder folder, String collection) {
    return new PointIds(collection, folder);
  }

  public void take(Point point) throws IOException {
    total++;
    if (point.id().isEmpty()) {
      numbers++;
    } else {
      ids.add(new IdEntry(point.id().get(), 0, users.number(point.user().orElse(""))));
    }
  }

  String collection() {
    return collection;
  }

  /** The number of points that were taken. */
  long total() {
    return total;
  }

  /** Points with a number as id, which no memory has. */
  long numbers() {
    return numbers;
  }

  IdStream sorted() throws IOException {
    return ids.sorted();
  }

  String user(IdEntry point) {
    return users.name((int) point.value());
  }

  /** Removes what is in the folder. */
  @Override
  public void close() throws IOException {
    ids.close();
  }
}
