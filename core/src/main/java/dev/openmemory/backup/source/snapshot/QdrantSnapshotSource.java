package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.qdrant.StorageLayout;
import dev.openmemory.backup.internal.qdrant.TemporaryName;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** See {@link QdrantSnapshotSourceProvider}. */
record QdrantSnapshotSource(ServerOptions options) implements BackupSource, OpensVectorStore {
  @Override
  public void preflight(RunContext context) throws IOException {
    try (Nodes nodes = Nodes.of(options, context.cancellation())) {
      for (int i = 0; i < nodes.size(); i++) {
        nodes.get(i).version();
        nodes.get(i).collections();
      }
      nodes.requireAll();
    }
  }

  @Override
  public Facts look(RunContext context) throws IOException {
    try (Nodes nodes = Nodes.of(options, context.cancellation())) {
      return StorageLayout.facts(TemporaryName.without(nodes.first().collections()))
          .with(new Facts(Map.of("from", options.describe())));
    }
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    return Undo.closingOnFailure(
        new SnapshotCapture(options, context.writersHeld(), context.cancellation()),
        capture -> {
          capture.make();
          return capture;
        });
  }

  /** Of the first node, which speaks for the cluster. */
  @Override
  public Optional<VectorStore> openVectorStore(Cancellation cancellation) throws IOException {
    return Optional.of(options.client(options.urls().get(0), cancellation));
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    StoredSnapshots stored = StoredSnapshots.in(files);
    RestoreFolder folder = folder(restoreId);
    Nodes nodes = Nodes.of(options, context.cancellation());
    try {
      nodes.requireAll();
      new Compatibility(options, nodes).require(stored.index(), context);
      folder.create();
      folder.stage(stored, context.cancellation());
      return new SnapshotRestoration(
          options, nodes, folder, new PointCounts(context.warnings()), context.cancellation());
    } catch (IOException | RuntimeException | Error e) {
      Undo.after(e, nodes::close);
      Undo.after(e, folder::removeUnlessApplied);
      throw e;
    }
  }

  @Override
  public Optional<Restoration> resume(String restoreId) throws IOException {
    RestoreFolder folder = folder(restoreId);
    return folder.exists()
        ? Optional.of(
            new SnapshotRestoration(
                options,
                Nodes.of(options, new Cancellation()),
                folder,
                new PointCounts(warning -> {}),
                new Cancellation()))
        : Optional.empty();
  }

  private RestoreFolder folder(String restoreId) throws BackupException {
    Path work =
        options
            .work()
            .orElseThrow(
                () -> Kind.INVALID.failure("options of qdrant-snapshot", "", "'work' is required"));
    return new RestoreFolder(work, restoreId + "-" + QdrantSnapshotSourceProvider.COMPONENT);
  }
}
