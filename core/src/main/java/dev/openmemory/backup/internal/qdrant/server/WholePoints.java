package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.qdrant.DenseVector;
import dev.openmemory.backup.internal.qdrant.VectorSettings;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The points of one collection with all that they have: found, put and deleted by id. */
public final class WholePoints {
  private final Transport transport;
  private final String collection;

  WholePoints(Transport transport, String collection) {
    this.transport = transport;
    this.collection = collection;
  }

  public String location() {
    return transport.location() + ", collection " + collection;
  }

  /**
   * Which vectors the points have.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such collection
   */
  public VectorSettings settings() throws IOException {
    return VectorSettings.of(params());
  }

  /**
   * The one dense vector of each point.
   *
   * @throws BackupException as {@link #settings}, and of kind {@code UNSUPPORTED} when the points
   *     have another number of them, or of another sort
   */
  public DenseVector dense() throws IOException {
    return DenseVector.of(params(), location());
  }

  private Map<String, Object> params() throws IOException {
    JsonObject config =
        transport
            .read(CollectionInfo.request(collection))
            .document()
            .object("result")
            .object("config");
    return config.object("params").others(Set.of());
  }

  /** Those of the ids that are there, by id. */
  public Map<UUID, WholePoint> find(List<UUID> ids) throws IOException {
    if (ids.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> body = Map.of("ids", texts(ids), "with_payload", true, "with_vector", true);
    List<?> found =
        transport.read(request("read points", "POST", "", body)).document().list("result");
    Map<UUID, WholePoint> points = new LinkedHashMap<>();
    for (Object each : found) {
      WholePoint point = WholePoint.of(each, location());
      points.put(point.id(), point);
    }
    return points;
  }

  /** Puts the points there, or in the place of others with their ids. */
  private void put(List<WholePoint> points) throws IOException {
    List<?> json = points.stream().map(WholePoint::toJson).toList();
    transport.change(request("put points", "PUT", "?wait=true", Map.of("points", json)));
  }

  /** Deletes the points with the ids; one that is not there is no failure. */
  private void delete(List<UUID> ids) throws IOException {
    transport.change(
        request("delete points", "POST", "/delete?wait=true", Map.of("points", texts(ids))));
  }

  /**
   * Puts points there, or in the place of others with their ids, and deletes others, which may be
   * missing. Looks afterwards whether all is as it was asked for.
   *
   * @throws BackupException of kind {@code FAILED} when the server says so and it is not
   */
  public void put(List<WholePoint> added, List<UUID> deleted) throws IOException {
    if (!added.isEmpty()) {
      put(added);
    }
    if (!deleted.isEmpty()) {
      delete(deleted);
    }
    Map<UUID, WholePoint> there = find(added.stream().map(WholePoint::id).toList());
    for (WholePoint point : added) {
      WholePoint found = there.get(point.id());
      if (found == null || !found.isSameAs(point)) {
        throw notDone(point.id(), found == null ? "is not there" : "is another one");
      }
    }
    for (UUID left : find(deleted).keySet()) {
      throw notDone(left, "is still there");
    }
  }

  private BackupException notDone(UUID id, String what) {
    return Kind.FAILED.failure(
        "change points",
        location(),
        "the server reported success, but point " + id + " " + what + " afterwards");
  }

  private static List<String> texts(List<UUID> ids) {
    return ids.stream().map(UUID::toString).toList();
  }

  private Request request(String operation, String method, String path, Map<String, Object> body) {
    return Request.json(
        operation,
        method,
        Address.collection(collection) + "/points" + path,
        new LinkedHashMap<>(body));
  }
}
