package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.qdrant.CollectionConfigs;
import dev.openmemory.backup.internal.qdrant.Examined;
import dev.openmemory.backup.internal.qdrant.StorageDirectory;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.TrialFolders;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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
    Closeable removal = () -> Disk.deleteTree(work);
    try (removal) {
      return examine(collection, work, reader);
    }
  }

  private Examined examine(String collection, Path work, Reader reader) throws IOException {
    EngineControl control = new EngineControl(engine.python(), work, context, patience);
    try {
      EngineAnswer last = lastOf(arguments(collection, work), work, reader);
      if (last instanceof EngineAnswer.Done done) {
        return done.examined();
      }
      throw control.explain(collection, last);
    } catch (NoVerdict e) {
      throw control.explain(e);
    }
  }

  /** The process has ended when this returns. */
  private EngineAnswer lastOf(List<String> arguments, Path work, Reader reader) throws IOException {
    try (EngineProcess process =
        EngineProcess.start(engine.python(), arguments, work, context, patience)) {
      while (true) {
        EngineAnswer answer = process.next();
        if (answer instanceof EngineAnswer.Count count) {
          reader.count(count.points());
        } else if (answer instanceof EngineAnswer.Points page) {
          for (Point point : page.points()) {
            reader.point(point);
          }
        } else {
          return answer;
        }
      }
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

  @Override
  public void close() {
    // Each process ends with the question that it answers.
  }
}
