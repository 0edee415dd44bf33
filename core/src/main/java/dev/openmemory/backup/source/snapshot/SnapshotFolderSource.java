package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A folder into which snapshots are restored, for a Qdrant that is to take them later. */
record SnapshotFolderSource(Path folder) implements BackupSource {
  private static final String PART = QdrantSnapshotSourceProvider.COMPONENT;

  /** A restore looks whether its result could be backed up; here only a server could tell. */
  @Override
  public void preflight(RunContext context) throws IOException {
    context.cancellation().check();
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    throw Kind.UNSUPPORTED.failure(
        "backup",
        folder.toString(),
        "snapshots in a folder are no store; name the server that has taken them");
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    StoredSnapshots stored = StoredSnapshots.in(files);
    return Undo.closingOnFailure(
        Swap.ofEverything(folder, restoreId, PART),
        swap -> {
          stored.copyTo(swap.staging(), context.cancellation());
          return swap;
        });
  }

  @Override
  public Optional<Restoration> resume(String restoreId) throws IOException {
    return Swap.resume(folder, restoreId, PART).map(Restoration.class::cast);
  }
}
