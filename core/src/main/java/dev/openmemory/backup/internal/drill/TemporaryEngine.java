package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.qdrant.VectorSettings;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Has the storage engine read points by their ids.
 *
 * @param patience how long it may be silent
 */
record TemporaryEngine(StorageEngine engine, RunContext context, Duration patience) {
  void read(DrillFolder folder, Expected expected, StoredPoints.Wanted wanted) throws IOException {
    Path work = folder.trialFolders().temporary();
    Path ids = work.resolve("ids");
    Files.writeString(
        ids, wanted.ids().stream().map(String::valueOf).collect(Collectors.joining("\n")));
    try (EngineProcess process =
        EngineProcess.start(
            engine.python(), arguments(folder, expected, wanted, ids), work, context, patience)) {
      while (true) {
        EngineAnswer answer = process.next();
        if (answer instanceof EngineAnswer.Params params) {
          wanted.sink().settings(VectorSettings.of(params.params()));
        } else if (answer instanceof EngineAnswer.Whole page) {
          for (WholePoint point : page.points()) {
            wanted.sink().point(point);
          }
        } else if (answer instanceof EngineAnswer.Read) {
          return;
        } else {
          throw failure(answer, wanted.collection());
        }
      }
    }
  }

  private static List<String> arguments(
      DrillFolder folder, Expected expected, StoredPoints.Wanted wanted, Path ids)
      throws BackupException {
    if (expected.snapshots().isEmpty()) {
      Path collections = folder.trialFolders().storage().resolve("collections");
      return List.of(
          "read-storage", collections.resolve(wanted.collection()).toString(), ids.toString());
    }
    return List.of(
        "read-snapshot",
        Trial.snapshot(wanted.collection(), expected.snapshots()).file().toString(),
        folder.trialFolders().snapshots().toString(),
        ids.toString());
  }

  private static BackupException failure(EngineAnswer answer, String collection) {
    boolean explained = answer instanceof EngineAnswer.Failure;
    Kind kind =
        answer instanceof EngineAnswer.Failure failure
            ? failure.ofThisHost().orElse(Kind.CORRUPT)
            : Kind.FAILED;
    return kind.failure(
        EngineProcess.OPERATION,
        "collection " + collection,
        explained ? ((EngineAnswer.Failure) answer).text() : "it answered another question");
  }
}
