package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.archive.DirectoryTree;
import dev.openmemory.backup.internal.archive.RestoredOwners;
import dev.openmemory.backup.internal.archive.StoredTar;
import dev.openmemory.backup.internal.archive.TreeCapture;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.internal.swap.Replaceable;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A storage directory that this process can read. Whether it is written to is not checked. */
public record StorageDirectory(Path directory) {
  private static final String COMPONENT = Component.VECTORS;

  /**
   * Looks at every name in it.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when it does not exist, {@code INVALID} when
   *     it is something else
   */
  public DirectoryTree scan(RunContext context, Consumer<Warning> warnings) throws IOException {
    requireDirectory();
    DirectoryTree tree =
        DirectoryTree.scan(place(), StorageLayout::isTransient, context.cancellation(), warnings);
    List<String> directories = tree.directories();
    boolean empty = tree.files().isEmpty() && directories.size() == 1;
    if (!empty && !StorageLayout.isStorage(tree.files(), directories)) {
      throw StorageNames.noStorage(directory.toString());
    }
    return tree;
  }

  /**
   * Looks only at what is in the directory itself, which may be in use.
   *
   * @throws BackupException as {@link #scan}
   */
  public void requireStorage() throws IOException {
    requireDirectory();
    try {
      List<String> names =
          Disk.entries(directory).stream().map(p -> String.valueOf(p.getFileName())).toList();
      if (names.stream().anyMatch(name -> !StorageLayout.isTransient(name))
          && !StorageLayout.isStorage(names, names)) {
        throw StorageNames.noStorage(directory.toString());
      }
    } catch (IOException e) {
      throw FileFailure.of("Qdrant storage", directory, e);
    }
  }

  /** Its collections, found by their names alone. It may be in use. */
  public Facts look() throws IOException {
    requireStorage();
    Path collections = directory.resolve("collections");
    try {
      List<String> files = new ArrayList<>();
      if (Files.isDirectory(collections)) {
        for (Path entry : Disk.entries(collections)) {
          if (Files.isRegularFile(entry.resolve("config.json"))) {
            files.add("collections/" + entry.getFileName() + "/config.json");
          }
        }
      }
      return StorageLayout.facts(StorageLayout.collections(files));
    } catch (IOException e) {
      throw FileFailure.of("Qdrant storage", directory, e);
    }
  }

  private void requireDirectory() throws BackupException {
    if (!Files.isDirectory(directory)) {
      throw Files.exists(directory)
          ? failure(Kind.INVALID, "is not a directory")
          : failure(Kind.NOT_FOUND, "does not exist");
    }
  }

  /**
   * Takes it as it is now. Its content is read when it is written, and must not change until then.
   *
   * @param origin facts that the source knows beyond the content
   */
  public Capture capture(RunContext context, Map<String, Object> origin) throws IOException {
    DirectoryTree tree = scan(context, context.warnings());
    StorageLayout.warnOfIncomplete(
        tree.files(), tree.directories(), directory.toString(), context.warnings());
    Map<String, Object> known = new LinkedHashMap<>();
    Map<String, Object> vectors =
        CollectionConfigs.vectors(directory, StorageLayout.collections(tree.files()));
    if (!vectors.isEmpty()) {
      known.put("vectors", vectors);
    }
    known.putAll(origin);
    return new TreeCapture(
        tree,
        StorageArchive.NAME,
        StorageLayout.facts(StorageLayout.collections(tree.files()), tree.summary(), known),
        context.cancellation());
  }

  /**
   * Unpacks the archive beside the present content, to take its place by renames.
   *
   * @throws BackupException of kind {@code INVALID} when the directory is another program's
   */
  public Swap stage(String restoreId, BackupFiles files, RunContext context) throws IOException {
    StoredTar archive = StorageArchive.in(files);
    requireReplaceable();
    Optional<Path> replaced = replaced();
    return Undo.closingOnFailure(
        Swap.ofEverything(place(), restoreId, COMPONENT),
        swap -> {
          archive.unpack(swap.staging(), replaced, context);
          return swap;
        });
  }

  private Optional<Path> replaced() throws IOException {
    try {
      return RestoredOwners.filled(place(), StorageLayout::isTransient);
    } catch (IOException e) {
      throw FileFailure.of("Qdrant storage", directory, e);
    }
  }

  /**
   * Refuses what {@link #stage} would refuse; changes nothing.
   *
   * @throws BackupException of kind {@code INVALID} when the directory is another program's
   */
  public void requireReplaceable() throws IOException {
    if (Files.isDirectory(directory)) {
      requireStorage();
    }
    Replaceable.require(place(), null);
  }

  /** What the restore of that id has set aside. */
  public Optional<Path> kept(String restoreId) throws IOException {
    return previous().find(restoreId, COMPONENT);
  }

  /** Where restores keep what they replace. */
  public PreviousFolders previous() throws IOException {
    return PreviousFolders.in(place());
  }

  /**
   * Has what an earlier restore has set aside take the place of the present content.
   *
   * @param stated of what was set aside, as far as known
   * @throws BackupException of kind {@code CORRUPT} when it lacks something
   */
  public Swap stageKept(String restoreId, String keptBy, Facts stated) throws IOException {
    requireReplaceable();
    Path kept = previous().of(keptBy, COMPONENT);
    StorageNames.requireCollections(
        new StorageDirectory(kept).look().texts("collections"), stated, kept.toString());
    return Swap.ofKept(place(), restoreId, COMPONENT, null, keptBy);
  }

  /** What an earlier process staged under that id. */
  public Optional<Swap> resume(String restoreId) throws IOException {
    return Swap.resume(place(), restoreId, COMPONENT);
  }

  /** Where a symbolic link to the directory leads. */
  public Path place() throws IOException {
    try {
      return Files.isSymbolicLink(directory) ? directory.toRealPath() : directory;
    } catch (IOException e) {
      throw FileFailure.of("Qdrant storage", directory, e);
    }
  }

  private BackupException failure(Kind kind, String fact) {
    return kind.failure("Qdrant storage", directory.toString(), fact);
  }
}
