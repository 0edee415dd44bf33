package dev.openmemory.backup.source.directory;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.archive.DirectoryTree;
import dev.openmemory.backup.internal.archive.TarExtractor;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** See {@link DirectorySourceProvider}. */
final class DirectorySource implements BackupSource {
  private final Path directory;
  private final boolean allowLive;

  DirectorySource(Path directory, boolean allowLive) {
    this.directory = directory;
    this.allowLive = allowLive;
  }

  @Override
  public void preflight(RunContext context) throws IOException {
    scan(context, warning -> {});
    requireReleased();
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    Consumer<Warning> warnings = context.warnings();
    Optional<String> holder = holder();
    if (holder.isPresent()) {
      if (!allowLive) {
        throw held(holder.get());
      }
      warnings.accept(
          new Warning("live-storage", directory + " is held by process " + holder.get()));
    }
    DirectoryTree tree = scan(context, warnings);
    for (String name : QdrantLayout.incompleteCollections(tree.files(), tree.directories())) {
      Path collection = directory.resolve("collections").resolve(name);
      warnings.accept(
          new Warning(
              "collection-without-config",
              collection + " has no config.json, so that Qdrant does not load it"));
    }
    return new DirectoryCapture(tree, context.cancellation());
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    StorageArchive archive = StorageArchive.in(files);
    Swap swap = Swap.ofEverything(directory, restoreId, DirectorySourceProvider.COMPONENT);
    try (InputStream in = archive.open()) {
      TarExtractor.extract(
          in,
          swap.staging(),
          StorageArchive.NAME,
          archive.limit(swap.staging()),
          context.cancellation(),
          name -> {});
      return new DirectoryRestoration(this, swap);
    } catch (IOException | RuntimeException e) {
      Undo.after(e, swap::close);
      throw e;
    }
  }

  @Override
  public Optional<Restoration> resume(String restoreId) throws IOException {
    return Swap.resume(directory, restoreId, DirectorySourceProvider.COMPONENT)
        .map(swap -> new DirectoryRestoration(this, swap));
  }

  /** Refuses when a process holds what is there now, unless that is allowed. */
  void requireReleased() throws IOException {
    Optional<String> holder = allowLive ? Optional.empty() : holder();
    if (holder.isPresent()) {
      throw held(holder.get());
    }
  }

  private DirectoryTree scan(RunContext context, Consumer<Warning> warnings) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw Files.exists(directory)
          ? failure(Kind.INVALID, "is not a directory")
          : failure(Kind.NOT_FOUND, "does not exist");
    }
    DirectoryTree tree =
        DirectoryTree.scan(directory, QdrantLayout::isTransient, context.cancellation(), warnings);
    List<String> directories = tree.directories();
    boolean empty = tree.files().isEmpty() && directories.size() == 1;
    if (!empty && !QdrantLayout.isStorage(tree.files(), directories)) {
      throw failure(
          Kind.INVALID,
          "is not a Qdrant storage directory: it has neither raft_state.json nor collections");
    }
    return tree;
  }

  private Optional<String> holder() throws IOException {
    try {
      return StorageLocks.holder(directory);
    } catch (IOException e) {
      throw FileFailure.of("look for locks", directory, e);
    }
  }

  private BackupException held(String process) {
    return failure(Kind.LOCKED, "is held by process " + process);
  }

  private BackupException failure(Kind kind, String fact) {
    return new BackupException(kind, "Qdrant storage", directory.toString(), fact);
  }
}
