package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.qdrant.VectorSettings;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.TrialServer;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Points of a stored backup, by id, with payload and vectors. They are read from a restored copy by
 * what a drill would open it with; a snapshot at last by the running Qdrant, in a collection that
 * exists for that only.
 *
 * @param by what may open the copy
 * @param running the Qdrant of the installation, if it may be used
 */
public record StoredPoints(
    Run run, StoredBackup backup, DrillRequest by, Optional<QdrantClient> running) {
  private static final String OPERATION = "read vectors of the backup";

  /** Takes what is read. */
  public interface Sink {
    /** Which vectors the points of the backup have; comes first. */
    void settings(VectorSettings settings) throws IOException;

    /** A point, in no order. */
    void point(WholePoint point) throws IOException;
  }

  /** Which points are wanted. */
  record Wanted(String collection, List<UUID> ids, Sink sink) {}

  /** What reads them from the copy of the backup that it is given. */
  private interface Reading {
    void of(DrillFolder folder, Expected expected) throws IOException;
  }

  /**
   * Reads those of the ids that the backup has.
   *
   * @return what read them
   * @throws BackupException of kind {@code UNSUPPORTED} when nothing here can open the vectors of
   *     the backup, with all reasons
   */
  public String read(String collection, List<UUID> ids, Sink sink) throws IOException {
    Component vectors = backup.require(Component.VECTORS, OPERATION);
    Wanted wanted = new Wanted(collection, ids, sink);
    List<String> reasons = new ArrayList<>();
    int nodes = vectors.facts().texts("snapshots", collection).size();
    if (nodes > 1) {
      reasons.add("the snapshots are of several nodes, and one would be started");
      throw nothing(reasons);
    }
    for (DrillRequest.Server chosen : by.servers()) {
      Optional<String> by = byServer(chosen, vectors, wanted, reasons);
      if (by.isPresent()) {
        return by.get();
      }
    }
    Optional<StorageEngine> engine = engine(reasons);
    if (engine.isPresent()) {
      TemporaryEngine reader = new TemporaryEngine(engine.get(), run.context(), by.patience());
      restored(vectors, (folder, expected) -> reader.read(folder, expected, wanted));
      return engine.get().describe();
    }
    if (nodes == 1 && running.isPresent()) {
      TemporaryCollection temporary = new TemporaryCollection(running.get(), run.clock());
      restored(vectors, (folder, expected) -> temporary.read(expected, wanted));
      return "a temporary collection of the running Qdrant";
    }
    throw nothing(reasons);
  }

  private BackupException nothing(List<String> reasons) {
    String all = reasons.isEmpty() ? "no Qdrant to start was named" : String.join("; ", reasons);
    return Kind.UNSUPPORTED.failure(
        OPERATION, backup.location(), "nothing here can open its vectors: " + all);
  }

  /** Empty when that one cannot be started here and need not be. */
  private Optional<String> byServer(
      DrillRequest.Server chosen, Component vectors, Wanted wanted, List<String> reasons)
      throws IOException {
    try (TrialServer server = run.trials().open(chosen)) {
      Optional<String> what =
          unlessNeedless(
              chosen.required(), reasons, () -> server.prepare(vectors.facts(), run.context()));
      if (what.isPresent()) {
        restored(
            vectors,
            (folder, expected) -> {
              server.start(folder.trialFolders(), run.context());
              try (QdrantClient client =
                  Trial.client(server, what.get(), by.patience(), run.context().cancellation())) {
                Trial.takeIn(client, wanted.collection(), expected.snapshots());
                client.awaitApplied(wanted.collection());
                TemporaryCollection.copy(client.whole(wanted.collection()), wanted);
              }
            });
      }
      return what;
    }
  }

  private Optional<StorageEngine> engine(List<String> reasons) throws IOException {
    return by.engine().isEmpty()
        ? Optional.empty()
        : unlessNeedless(
            by.engine().get().required(),
            reasons,
            () -> StorageEngine.of(by.engine().get().python(), run.context()));
  }

  /** Empty, with a reason, when it is not here and need not be. */
  private static <T> Optional<T> unlessNeedless(
      boolean required, List<String> reasons, Boundary.Call<T> preparation) throws IOException {
    try {
      return Optional.of(preparation.run());
    } catch (BackupException e) {
      if (required || !BackupDriller.NOT_HERE.contains(e.kind())) {
        throw e;
      }
      reasons.add(e.getMessage());
      return Optional.empty();
    }
  }

  private void restored(Component vectors, Reading reading) throws IOException {
    List<Component> components = List.of(vectors);
    DrillFolder folder = DrillFolder.create(run);
    Closeable removal = () -> remove(folder);
    try (removal) {
      folder.restore(backup.summary(), components);
      run.enter(Phase.BOOT, Component.VECTORS);
      reading.of(folder, folder.expected(backup.summary(), components));
    }
  }

  private static void remove(DrillFolder folder) throws IOException {
    try {
      Disk.deleteTree(folder.root());
    } catch (IOException e) {
      throw FileFailure.of("remove temporary directory", folder.root(), e);
    }
  }
}
