package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code qdrant-collections.json}: what the snapshots beside it are of, and what no snapshot of a
 * collection holds.
 *
 * @param version of the server that made them
 * @param nodes how many servers, each of which made a snapshot of each collection
 * @param counted whether no program wrote while points were counted and snapshots made, so that the
 *     snapshots hold exactly as many
 * @param aliases the names of collections by alias
 */
public record SnapshotIndex(
    String version,
    int nodes,
    boolean counted,
    List<Entry> collections,
    Map<String, String> aliases) {
  /** Its plain name in a backup. */
  public static final String NAME = "qdrant-collections.json";

  private static final int LONGEST = 100;

  public SnapshotIndex {
    collections = List.copyOf(collections);
    aliases = new LinkedHashMap<>(aliases);
  }

  /**
   * A collection.
   *
   * @param vectors its vectors config
   * @param points counted when the snapshots were made, in all nodes together
   * @param files plain names of its snapshots, one for each node, in the order of the nodes
   */
  public record Entry(
      String name, Map<String, Object> vectors, int shards, long points, List<String> files) {
    public Entry {
      files = List.copyOf(files);
    }
  }

  /**
   * A name for the snapshot of a collection. The collection's name may hold what no object name
   * does.
   *
   * @param node counted from 1; 0 when there is one server only
   * @param taken names that are used already; the new one is added
   */
  public static String fileName(String collection, int node, Set<String> taken) {
    String plain = collection.replaceAll("[^A-Za-z0-9_-]", "_");
    String stem = "qdrant-" + plain.substring(0, Math.min(plain.length(), LONGEST));
    String suffix = (node == 0 ? "" : ".node" + node) + ".snapshot";
    String name = stem + suffix;
    for (int i = 2; !taken.add(name); i++) {
      name = stem + "." + i + suffix;
    }
    return name;
  }

  /** All files of all collections. */
  public List<String> files() {
    return collections.stream().flatMap(entry -> entry.files().stream()).toList();
  }

  /** As the manifest states it. */
  public Facts facts() {
    Map<String, Object> points = new LinkedHashMap<>();
    Map<String, Object> vectors = new LinkedHashMap<>();
    Map<String, Object> files = new LinkedHashMap<>();
    for (Entry entry : collections) {
      points.put(entry.name(), entry.points());
      vectors.put(entry.name(), entry.vectors());
      files.put(entry.name(), entry.files());
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("collections", collections.stream().map(Entry::name).toList());
    facts.put("points", points);
    facts.put("qdrantVersion", version);
    facts.put("vectors", vectors);
    facts.put("aliases", aliases);
    facts.put("snapshots", files);
    facts.put("counted", counted);
    return new Facts(facts);
  }

  public byte[] write() {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (Entry entry : collections) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", entry.name());
      json.put("vectors", entry.vectors());
      json.put("shards", entry.shards());
      json.put("points", entry.points());
      json.put("files", entry.files());
      entries.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("qdrantVersion", version);
    json.put("nodes", nodes);
    json.put("counted", counted);
    json.put("collections", entries);
    json.put("aliases", aliases);
    return Json.write(json);
  }

  /**
   * Reads it back.
   *
   * @throws BackupException of kind {@code CORRUPT} when it is damaged
   */
  public static SnapshotIndex read(byte[] text) throws BackupException {
    JsonObject json = JsonObject.parse(text, NAME);
    List<Entry> entries = new ArrayList<>();
    for (JsonObject entry : json.objects("collections")) {
      entries.add(
          new Entry(
              entry.string("name"),
              entry.object("vectors").others(Set.of()),
              (int) entry.size("shards"),
              entry.size("points"),
              entry.strings("files")));
    }
    SnapshotIndex index =
        new SnapshotIndex(
            json.string("qdrantVersion"),
            (int) json.size("nodes"),
            json.flag("counted"),
            entries,
            json.texts("aliases"));
    index.check();
    return index;
  }

  private void check() throws BackupException {
    Set<String> seen = new LinkedHashSet<>();
    for (Entry entry : collections) {
      if (entry.files().size() != nodes) {
        throw corrupt(entry.name() + " has " + entry.files().size() + " files for " + nodes);
      }
      for (String file : entry.files()) {
        if (!ObjectName.isValid(file) || file.contains("/") || !seen.add(file)) {
          throw corrupt("'" + file + "' is no file name of its own");
        }
      }
    }
  }

  private static BackupException corrupt(String fact) {
    return Kind.CORRUPT.failure("read", NAME, fact);
  }
}
