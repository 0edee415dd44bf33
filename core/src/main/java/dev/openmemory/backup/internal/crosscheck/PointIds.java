package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient.Point;
import java.io.Closeable;
import java.io.IOException;

/** The ids of a collection's points, sorted, in little memory. */
public final class PointIds implements Closeable {
  private final String collection;
  private final SortedIds ids;
  private final Names users = new Names();
  private final long total;
  private long numbers;

  private PointIds(String collection, long total, IdFolder folder) {
    this.collection = collection;
    this.total = total;
    this.ids = folder.ids();
  }

  /** Asks the server for all. */
  public static PointIds of(QdrantClient server, String collection, IdFolder folder)
      throws IOException {
    return Undo.closingOnFailure(
        expecting(collection, server.count(collection), folder),
        ids -> {
          server.points(collection, ids::take);
          return ids;
        });
  }

  /** For so many points, that are {@linkplain #take taken} one by one. */
  public static PointIds expecting(String collection, long count, IdFolder folder) {
    return new PointIds(collection, count, folder);
  }

  public void take(Point point) throws IOException {
    if (point.id().isEmpty()) {
      numbers++;
    } else {
      ids.add(new IdEntry(point.id().get(), 0, users.number(point.user().orElse(""))));
    }
  }

  String collection() {
    return collection;
  }

  /** The number of points that the server counted. */
  long total() {
    return total;
  }

  /** Points whose id is a number, which no memory has. */
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
