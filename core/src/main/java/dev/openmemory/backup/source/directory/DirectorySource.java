package dev.openmemory.backup.source.directory;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.qdrant.StorageDirectory;
import dev.openmemory.backup.internal.qdrant.StorageLocks;
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
import java.util.Map;
import java.util.Optional;

/** See {@link DirectorySourceProvider}. */
final class DirectorySource implements BackupSource, ChecksPlace, KeepsPrevious {
  private final StorageDirectory storage;
  private final boolean allowLive;
  private final Path locks;

  /**
   * A source.
   *
   * @param locks the kernel's table
   */
  DirectorySource(Path directory, boolean allowLive, Path locks) {
    this.storage = new StorageDirectory(directory);
    this.allowLive = allowLive;
    this.locks = locks;
  }

  @Override
  public void preflight(RunContext context) throws IOException {
    storage.scan(context, warning -> {});
    requireReleased();
  }

  @Override
  public Facts look(RunContext context) throws IOException {
    return storage.look();
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    Optional<String> holder = holder();
    if (holder.isPresent()) {
      if (!allowLive) {
        throw held(holder.get());
      }
      context
          .warnings()
          .accept(
              new Warning(
                  "live-storage", storage.directory() + " is in use by process " + holder.get()));
    }
    return storage.capture(context, Map.of());
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    return new DirectoryRestoration(this, storage.stage(restoreId, files, context));
  }

  @Override
  public void requireReplaceable(RunContext context) throws IOException {
    storage.requireReplaceable();
  }

  @Override
  public String place() throws IOException {
    return storage.place().toString();
  }

  @Override
  public Optional<Path> kept(String restoreId) throws IOException {
    return storage.kept(restoreId);
  }

  @Override
  public Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException {
    return new DirectoryRestoration(this, storage.stageKept(restoreId, keptBy, stated));
  }

  @Override
  public List<PreviousFolders> previous() throws IOException {
    return List.of(storage.previous());
  }

  @Override
  public Optional<Restoration> resume(String restoreId) throws IOException {
    return storage.resume(restoreId).map(swap -> new DirectoryRestoration(this, swap));
  }

  /** Refuses when a process holds what is there now, unless that is allowed. */
  void requireReleased() throws IOException {
    Optional<String> holder = allowLive ? Optional.empty() : holder();
    if (holder.isPresent()) {
      throw held(holder.get());
    }
  }

  private Optional<String> holder() throws IOException {
    try {
      return StorageLocks.holder(storage.directory(), locks);
    } catch (IOException e) {
      throw FileFailure.of("look for locks", storage.directory(), e);
    }
  }

  private BackupException held(String process) {
    return Kind.LOCKED.failure(
        "Qdrant storage", storage.directory().toString(), "is in use by process " + process);
  }
}
