package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.qdrant.CollectionConfigs;
import dev.openmemory.backup.internal.qdrant.Examined;
import dev.openmemory.backup.internal.qdrant.StorageDirectory;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient.Point;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.TrialFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The storage engine of Qdrant on what was restored: one process for each collection.
 *
 * @param patience how long it may be silent
 */
record EngineJudge(
    StorageEngine engine,
    TrialFolders folders,
    Expected expected,
    RunContext context,
    Duration patience)
    implements Judge {

  @Override
  public String version() {
    return engine.version();
  }

  @Override
  public String describe() {
    return engine.describe();
  }

  @Override
  public List<String> collections() throws IOException {
    return expected.snapshots().isEmpty()
        ? new StorageDirectory(folders.storage()).look().texts("collections")
        : List.copyOf(new TreeSet<>(expected.snapshots().keySet()));
  }

  @Override
  public boolean requiresVectors(String collection) {
    Map<?, ?> vectors =
        expected.snapshots().isEmpty()
            ? CollectionConfigs.vectors(folders.storage(), Set.of(collection))
            : stated();
    return vectors.get(collection) instanceof Map<?, ?> config && config.containsKey("size");
  }

  private Map<?, ?> stated() {
    return expected.stated().values().get("vectors") instanceof Map<?, ?> known ? known : Map.of();
  }

  @Override
  public Examined examine(String collection, Reader reader) throws IOException {
    Path work = folders.temporary().resolve("engine");
    Disk.createPrivateDirectory(work);
    List<String> arguments = arguments(collection, work);
    try (EngineProcess process =
        EngineProcess.start(engine.python(), arguments, work, context, patience)) {
      reader.count(answer(process, collection, "count").size("count"));
      while (true) {
        JsonObject answer = answer(process, collection, "points", "examined");
        if (answer.has("examined")) {
          return examined(answer.object("examined"));
        }
        for (Object point : answer.list("points")) {
          reader.point(point(point, answer));
        }
      }
    } finally {
      Disk.deleteTree(work);
    }
  }

  private List<String> arguments(String collection, Path work) {
    String sample = String.valueOf(Examined.SAMPLE);
    String nearest = String.valueOf(Examined.NEAREST);
    Expected.Snapshot snapshot = expected.snapshots().get(collection);
    return snapshot == null
        ? List.of(
            "storage",
            folders.storage().resolve("collections").resolve(collection).toString(),
            sample,
            nearest)
        : List.of("snapshot", snapshot.file().toString(), work.toString(), sample, nearest);
  }

  private JsonObject answer(EngineProcess process, String collection, String... wanted)
      throws IOException {
    JsonObject answer = process.next();
    if (answer.has("error")) {
      throw new BackupException(
          Kind.CORRUPT,
          EngineProcess.OPERATION,
          "collection " + collection,
          answer.string("error"));
    }
    for (String name : wanted) {
      if (answer.has(name)) {
        return answer;
      }
    }
    throw answer.wrong(wanted[0], "is missing");
  }

  private static Examined examined(JsonObject json) throws BackupException {
    return new Examined(
        json.size("points"),
        json.size("withoutVector"),
        json.strings("first"),
        json.size("searched"),
        json.strings("notFound"));
  }

  private static Point point(@Nullable Object point, JsonObject answer) throws BackupException {
    if (!(point instanceof List<?> pair) || pair.size() != 2) {
      throw answer.wrong("points", "holds no pairs");
    }
    Optional<UUID> id =
        pair.get(0) instanceof String text ? Optional.of(UUID.fromString(text)) : Optional.empty();
    return new Point(id, Optional.ofNullable(pair.get(1)).map(String::valueOf), Optional.empty());
  }

  @Override
  public void close() {
    // Each process ends with the question that it answers.
  }
}
