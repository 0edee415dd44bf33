package dev.openmemory.backup.testkit.qdrant;

import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A collection: its configuration as Qdrant writes it, and its points in a file of the double's
 * own. A directory of a real Qdrant has no such file, and then there are no points.
 */
final class DoubleCollection {
  static final String POINTS = "0/points.json";
  static final String CONFIG = "config.json";

  private final Path directory;
  private final Map<String, @Nullable Object> config;
  private final TreeMap<PointId, Map<String, @Nullable Object>> points = new TreeMap<>();

  private DoubleCollection(Path directory, Map<String, @Nullable Object> config) {
    this.directory = directory;
    this.config = config;
  }

  static DoubleCollection create(Path directory, byte[] config) throws IOException, DoubleAnswer {
    DoubleCollection made = new DoubleCollection(directory, Json.readObject(config, CONFIG));
    Files.createDirectories(directory.resolve("0"));
    for (Map.Entry<String, byte[]> file : made.files().entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
    return made;
  }

  /** One to compare with. */
  static DoubleCollection unsaved(byte[] config) throws IOException {
    return new DoubleCollection(Path.of(""), Json.readObject(config, CONFIG));
  }

  static DoubleCollection load(Path directory) throws IOException, DoubleAnswer {
    DoubleCollection loaded =
        new DoubleCollection(
            directory, Json.readObject(Files.readAllBytes(directory.resolve(CONFIG)), CONFIG));
    Path points = directory.resolve(POINTS);
    if (Files.exists(points)) {
      loaded.read(Files.readAllBytes(points));
    }
    return loaded;
  }

  /** The configuration of one that is created with these parameters. */
  static byte[] config(Map<String, @Nullable Object> wanted) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    params.put("vectors", wanted.getOrDefault("vectors", Map.of()));
    params.put("shard_number", wanted.getOrDefault("shard_number", 1));
    params.put("replication_factor", 1);
    params.put("write_consistency_factor", 1);
    params.put("on_disk_payload", true);
    if (wanted.get("sparse_vectors") != null) {
      params.put("sparse_vectors", wanted.get("sparse_vectors"));
    }
    return Json.write(Map.of("params", params, "hnsw_config", Map.of("m", 16)));
  }

  private void read(byte[] text) throws IOException, DoubleAnswer {
    if (Json.readObject(text, POINTS).get("points") instanceof List<?> list) {
      for (Object point : list) {
        put(point);
      }
    }
  }

  Map<?, ?> params() {
    return config.get("params") instanceof Map<?, ?> params ? params : Map.of();
  }

  /** What must be the same for a snapshot to be taken over, as text. */
  String vectors() {
    return Json.canonical(params().get("vectors"));
  }

  String shards() {
    return String.valueOf(params().get("shard_number"));
  }

  byte[] configText() {
    return Json.write(config);
  }

  Map<String, @Nullable Object> config() {
    return config;
  }

  NavigableMap<PointId, Map<String, @Nullable Object>> points() {
    return points;
  }

  /** Takes a point in the form of JSON: {@code id}, {@code payload}, {@code vector}. */
  void put(@Nullable Object json) throws DoubleAnswer {
    if (!(json instanceof Map<?, ?> point) || point.get("id") == null) {
      throw DoubleAnswer.error(400, "Format error in JSON body: missing field `id`");
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    point.forEach((name, value) -> copy.put(String.valueOf(name), value));
    PointId id = PointId.of(point.get("id"));
    copy.put("id", id.json());
    points.put(id, copy);
  }

  void replacePoints(byte[] text) throws IOException, DoubleAnswer {
    points.clear();
    read(text);
    save();
  }

  void save() throws IOException {
    Files.createDirectories(directory.resolve("0"));
    Files.write(directory.resolve(POINTS), pointsText());
  }

  private byte[] pointsText() {
    return Json.canonical(Map.of("points", new ArrayList<>(points.values())))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The files of it, by name; also what is in a snapshot, in that order. */
  Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(POINTS, pointsText());
    files.put("0/replica_state.json", text("{\"is_local\":true,\"this_peer_id\":1,\"peers\":{}}"));
    files.put("0/shard_config.json", text("{\"type\":\"ReplicaSet\"}"));
    files.put("version.info", text("0.4.2"));
    files.put(CONFIG, configText());
    files.put("shard_key_mapping.json", text("[]"));
    files.put("payload_index.json", text("{\"schema\":{}}"));
    return files;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
