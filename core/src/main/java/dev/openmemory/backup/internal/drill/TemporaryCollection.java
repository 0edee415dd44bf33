package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.qdrant.TemporaryName;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** A collection of a running Qdrant that holds what a snapshot holds, for as long as it is read. */
public record TemporaryCollection(QdrantClient client, Clock clock) {
  /** More of them with vectors of 1,536 numbers would be some MB of JSON. */
  private static final int PAGE = 64;

  /** Deletes the ones of processes that have ended. */
  public static void deleteAbandoned(QdrantClient client, Clock clock) throws IOException {
    for (String name : client.collections()) {
      if (TemporaryName.parse(name).filter(ours -> ours.isAbandoned(clock)).isPresent()) {
        client.deleteCollection(name);
      }
    }
  }

  void read(Expected expected, StoredPoints.Wanted wanted) throws IOException {
    String name = TemporaryName.create(clock).toString();
    Expected.Snapshot snapshot = Trial.snapshot(wanted.collection(), expected.snapshots());
    try {
      client.upload(name, snapshot.file(), snapshot.sha256(), sent -> {});
      client.awaitApplied(name);
      copy(client.whole(name), wanted);
    } catch (IOException | RuntimeException | Error e) {
      Undo.after(e, () -> client.deleteCollection(name));
      throw e;
    }
    client.deleteCollection(name);
  }

  static void copy(WholePoints points, StoredPoints.Wanted wanted) throws IOException {
    wanted.sink().settings(points.settings());
    List<UUID> ids = wanted.ids();
    for (int start = 0; start < ids.size(); start += PAGE) {
      List<UUID> page = ids.subList(start, Math.min(ids.size(), start + PAGE));
      for (WholePoint point : points.find(page).values()) {
        wanted.sink().point(point);
      }
    }
  }
}
