package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The recorded installation with a Qdrant beside it that runs, and changes as people make them. */
public final class LiveMemories implements Closeable {
  public static final String COLLECTION = "openmemory";

  private static final int PAGE = 50;

  private final SampleInstallation sample;
  private final QdrantDouble qdrant;
  private final QdrantClient client;

  private LiveMemories(SampleInstallation sample, QdrantDouble qdrant, QdrantClient client) {
    this.sample = sample;
    this.qdrant = qdrant;
    this.client = client;
  }

  /** With a point, of a vector of its own, for each memory that is not deleted. */
  public static LiveMemories in(Path home) throws IOException, SQLException {
    DrillSample made = DrillSample.in(home);
    LiveMemories live = over(made.installation());
    List<WholePoint> points = new ArrayList<>();
    for (UUID id : made.ids()) {
      points.add(point(id, "as it was"));
    }
    live.put(points);
    return live;
  }

  /** What is there, with a Qdrant that is started on its storage. */
  public static LiveMemories over(SampleInstallation sample) throws IOException {
    QdrantDouble qdrant = QdrantDouble.start(sample.storage());
    return new LiveMemories(
        sample, qdrant, QdrantClient.of(qdrant.uri(), Optional.empty(), new Cancellation()));
  }

  /** A point with a payload as mem0 makes it, and vectors of which no two are the same. */
  public static WholePoint point(UUID id, String data) {
    Map<String, Object> payload = new TreeMap<>();
    payload.put("user_id", "alice");
    payload.put("data", data);
    payload.put("agent_id", null);
    payload.put("number", 1.5);
    float first = (id.hashCode() & 0xffff) / 65536f;
    Map<String, Object> sparse =
        Map.of("indices", List.of(7, 900_000), "values", List.of(0.25, 1.75));
    List<Object> dense = List.of((double) first, 0.1f, 0.2, data.hashCode() / 4e9);
    return new WholePoint(id, payload, Optional.of(Map.of("", dense, "bm25", sparse)));
  }

  public QdrantDouble qdrant() {
    return qdrant;
  }

  public Path home() {
    return sample.home();
  }

  public MemoriesDatabase database() {
    return new MemoriesDatabase(sample.database());
  }

  /** As it is now, with a database that is not waited for. */
  public Installation installation() {
    Path file = sample.database();
    return Installation.at(home())
        .with(new Part("sqlite", Map.of("path", file.toString(), "busy-timeout", "PT0S"), false))
        .withSnapshots(Installation.Snapshots.of(qdrant.uri()));
  }

  /** From the files, as most people make them. */
  public void backUp(Backups backups, String name) throws IOException {
    backups.create(sample.installation(), BackupRequest.named(name));
  }

  public void put(List<WholePoint> points) throws IOException {
    for (int start = 0; start < points.size(); start += PAGE) {
      List<WholePoint> page = points.subList(start, Math.min(points.size(), start + PAGE));
      client.whole(COLLECTION).put(page, List.of());
    }
  }

  /** All points with all that they have, as comparable text by id. */
  public Map<String, String> points() throws IOException {
    Map<String, String> points = new TreeMap<>();
    for (WholePoint point : wholePoints()) {
      points.put(point.id().toString(), point.toJson().toString());
    }
    return points;
  }

  public List<WholePoint> wholePoints() throws IOException {
    List<UUID> ids = qdrant.ids(COLLECTION).stream().map(UUID::fromString).toList();
    return List.copyOf(client.whole(COLLECTION).find(ids).values());
  }

  /** All rows that OpenMemory shows: memories with their categories. */
  public List<String> memories() throws SQLException {
    Map<String, List<String>> rows = Rows.of(sample.database());
    List<String> all = new ArrayList<>(rows.get("memories"));
    all.addAll(rows.get("memory_categories"));
    return all;
  }

  /** As OpenMemory does it. */
  public void delete(UUID id) throws SQLException {
    database()
        .run(
            "INSERT INTO memory_status_history SELECT lower(hex(randomblob(16))), id, user_id,"
                + " state, 'deleted', '2026-11-30 10:00:00.000000' FROM memories WHERE id = '"
                + digits(id)
                + "'",
            "UPDATE memories SET state = 'deleted', deleted_at = '2026-11-30 10:00:00.000000'"
                + " WHERE id = '"
                + digits(id)
                + "'");
    qdrant.remove(COLLECTION, id.toString());
  }

  /** As the web interface does it: the point stays as it is. */
  public void edit(UUID id, String text) throws SQLException {
    database().run("UPDATE memories SET content = '" + text + "' WHERE id = '" + digits(id) + "'");
  }

  public static String digits(UUID id) {
    return id.toString().replace("-", "");
  }

  @Override
  public void close() throws IOException {
    client.close();
    qdrant.close();
  }
}
