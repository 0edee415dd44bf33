package dev.openmemory.backup.testkit.qdrant;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Restores snapshots, in the order of steps that Qdrant has. */
final class DoubleRestore {
  private static final Set<String> WANTED =
      Set.of(DoubleCollection.CONFIG, DoubleCollection.POINTS);

  private final DoubleStore store;
  private final Map<String, Path> known = new ConcurrentHashMap<>();
  private volatile int lost;

  DoubleRestore(DoubleStore store) {
    this.store = store;
  }

  void knowing(String sha256, Path points) {
    known.put(sha256, points);
  }

  void losing(int points) {
    lost = points;
  }

  /** Restores the file into the collection, or creates it. */
  void restore(String name, Path file) throws IOException, DoubleAnswer {
    Map<String, byte[]> contents = unpack(file);
    byte[] config = contents.get(DoubleCollection.CONFIG);
    if (config == null) {
      throw DoubleAnswer.error(
          500,
          "Service internal error: File IO error: failed to open file"
              + " `/qdrant/./storage/tmp/col-recovery/config.json`: No such file or directory (os"
              + " error 2)");
    }
    synchronized (store) {
      DoubleCollection existing = store.find(name);
      if (existing == null) {
        existing = store.create(name, config);
      } else {
        check(existing, DoubleCollection.unsaved(config));
      }
      fill(existing, contents, file);
    }
  }

  private static Map<String, byte[]> unpack(Path file) throws IOException, DoubleAnswer {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return DoubleTar.read(in, WANTED);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private static DoubleAnswer damaged(IOException e) {
    return DoubleAnswer.error(500, "Service internal error: File IO error: " + e.getMessage());
  }

  private static void check(DoubleCollection existing, DoubleCollection snapshot)
      throws DoubleAnswer {
    if (!existing.vectors().equals(snapshot.vectors())) {
      throw incompatible(
          "Collection vectors: " + existing.vectors() + " Snapshot Vectors: " + snapshot.vectors());
    }
    if (!existing.shards().equals(snapshot.shards())) {
      throw incompatible(
          "Collection shard number: "
              + existing.shards()
              + " Snapshot shard number: "
              + snapshot.shards());
    }
  }

  private static DoubleAnswer incompatible(String why) {
    return DoubleAnswer.error(
        400, "Wrong input: Snapshot is not compatible with existing collection: " + why);
  }

  private void fill(DoubleCollection collection, Map<String, byte[]> contents, Path file)
      throws IOException, DoubleAnswer {
    byte[] points = contents.get(DoubleCollection.POINTS);
    if (points == null) {
      Path elsewhere = known.get(DoubleSnapshots.digest(file));
      points =
          elsewhere == null ? "{}".getBytes(StandardCharsets.UTF_8) : Files.readAllBytes(elsewhere);
    }
    collection.replacePoints(points);
    for (int i = 0; i < lost && !collection.points().isEmpty(); i++) {
      collection.points().pollLastEntry();
    }
    collection.save();
  }
}
