package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.qdrant.SnapshotIndex;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Snapshots on their way to servers, which keep running. */
record SnapshotRestoration(
    ServerOptions options,
    Nodes nodes,
    RestoreFolder folder,
    PointCounts counts,
    Cancellation cancellation)
    implements Restoration {
  @Override
  public void apply() throws IOException {
    try {
      SnapshotIndex index = folder.index();
      folder.enter(new Saving(options, nodes, folder.saved(), cancellation).of(index));
      Sending sending = new Sending(nodes, cancellation);
      sending.restore(index, folder.staged(), options.replaceCollections());
      counts.require(index, nodes.first());
      sending.putAliases(index);
    } catch (IOException e) {
      throw FileFailure.of("apply restore", folder.path(), e);
    }
  }

  @Override
  public void confirm(Facts stated, Cancellation current) throws IOException {
    counts.require(folder.index(), nodes.first());
  }

  @Override
  public Optional<Path> commit(boolean discardPrevious) throws IOException {
    try {
      Optional<Path> kept = discardPrevious ? Optional.empty() : folder.keepSaved();
      folder.remove();
      return kept;
    } catch (IOException e) {
      throw FileFailure.of("commit restore", folder.path(), e);
    }
  }

  /** Under another cancellation, for that of the run may be why it is rolled back. */
  @Override
  public void rollback() throws IOException {
    try (Nodes uncancelled = Nodes.of(options, new Cancellation())) {
      Optional<StateBefore> before = folder.before();
      if (before.isPresent()) {
        new Sending(uncancelled, new Cancellation()).putBack(before.get(), folder.saved());
      }
      folder.remove();
    } catch (IOException e) {
      throw Kind.NOT_ROLLED_BACK.failure(
          "roll back restore",
          options.describe(),
          "the state from before is in " + folder.saved() + "; " + FileFailure.fact(e),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    try (nodes) {
      folder.removeUnlessApplied();
    }
  }
}
