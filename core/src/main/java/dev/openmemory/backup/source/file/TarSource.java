package dev.openmemory.backup.source.file;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.DirectoryTree;
import dev.openmemory.backup.internal.archive.StoredTar;
import dev.openmemory.backup.internal.archive.TreeCapture;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.swap.ChecksPlace;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** See {@link FolderSourceProvider} and {@link FileSourceProvider}. */
record TarSource(String component, Selection selection)
    implements BackupSource, ChecksPlace, KeepsPrevious {
  @Override
  public void preflight(RunContext context) throws IOException {
    selection.scan(context);
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    DirectoryTree tree = selection.scan(context);
    return new TreeCapture(
        tree,
        TarSourceProvider.tarOf(component),
        TarSourceProvider.facts(tree.summary()),
        context.cancellation());
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    StoredTar tar = StoredTar.in(files, TarSourceProvider.tarOf(component));
    Optional<Path> replaced = selection.replaced();
    return Undo.closingOnFailure(
        selection.begin(restoreId, component),
        swap -> {
          tar.unpack(swap.staging(), replaced, context);
          selection.settle(swap.staging(), tar.name());
          return swap;
        });
  }

  @Override
  public Optional<Restoration> resume(String restoreId) throws IOException {
    return selection.resume(restoreId, component).map(Restoration.class::cast);
  }

  @Override
  public void requireReplaceable(RunContext context) throws IOException {
    selection.requireReplaceable();
  }

  @Override
  public String place() throws IOException {
    return selection.place().toString();
  }

  /** A backup may be restored where there was no such file or folder. */
  @Override
  public boolean mayBeAbsent() {
    return true;
  }

  @Override
  public Optional<Path> kept(String restoreId) throws IOException {
    return selection.previous().find(restoreId, component);
  }

  @Override
  public List<PreviousFolders> previous() throws IOException {
    return List.of(selection.previous());
  }

  @Override
  public Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException {
    return kept(keptBy).isPresent()
        ? selection.beginKept(restoreId, component, keptBy)
        : selection.begin(restoreId, component);
  }
}
