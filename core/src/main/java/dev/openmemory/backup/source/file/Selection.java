package dev.openmemory.backup.source.file;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.archive.DirectoryTree;
import dev.openmemory.backup.internal.archive.RestoredOwners;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.internal.swap.Replaceable;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a source takes of a directory, and what its restore exchanges there. */
sealed interface Selection {
  /** Looks at each name of it. */
  DirectoryTree scan(RunContext context) throws IOException;

  /** The restored files get the owner of this folder; empty when they keep their own. */
  Optional<Path> replaced() throws IOException;

  Swap begin(String restoreId, String component) throws IOException;

  /** As {@link #begin} with what an earlier restore has set aside. */
  Swap beginKept(String restoreId, String component, String keptBy) throws IOException;

  /** What is replaced; behind symbolic links. */
  Path place() throws IOException;

  /** Where restores set it aside. */
  PreviousFolders previous() throws IOException;

  /** Refuses what a swap would refuse. */
  void requireReplaceable() throws IOException;

  Optional<Swap> resume(String restoreId, String component) throws IOException;

  /** Gives what was unpacked the names that it has to have. */
  void settle(Path staging, String tar) throws IOException;

  /** All that is in a folder; where the path is a symbolic link, in the folder behind it. */
  record Folder(Path path) implements Selection {
    @Override
    public DirectoryTree scan(RunContext context) throws IOException {
      if (!Files.isDirectory(path)) {
        throw unfit(path, "is not a folder");
      }
      return DirectoryTree.scan(
          place(), Swap.WORK_AREA::equals, context.cancellation(), context.warnings());
    }

    @Override
    public Optional<Path> replaced() throws IOException {
      try {
        return RestoredOwners.filled(place(), Swap.WORK_AREA::equals);
      } catch (IOException e) {
        throw FileFailure.of("find folder", path, e);
      }
    }

    @Override
    public Swap begin(String restoreId, String component) throws IOException {
      requireFolder();
      return Swap.ofEverything(place(), restoreId, component);
    }

    @Override
    public Swap beginKept(String restoreId, String component, String keptBy) throws IOException {
      return Swap.ofKept(place(), restoreId, component, null, keptBy);
    }

    @Override
    public Optional<Swap> resume(String restoreId, String component) throws IOException {
      return Swap.resume(place(), restoreId, component);
    }

    @Override
    public void settle(Path staging, String tar) {}

    @Override
    public PreviousFolders previous() throws IOException {
      return PreviousFolders.in(place());
    }

    @Override
    public void requireReplaceable() throws IOException {
      requireFolder();
      Replaceable.require(place(), null);
    }

    private void requireFolder() throws BackupException {
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw unfit(path, "is not a folder");
      }
    }

    @Override
    public Path place() throws IOException {
      try {
        return Files.isSymbolicLink(path) ? path.toRealPath() : path;
      } catch (IOException e) {
        throw FileFailure.of("find folder", path, e);
      }
    }
  }

  /** One file; where the path is a symbolic link, the file behind it. */
  record SingleFile(Path path) implements Selection {
    @Override
    public DirectoryTree scan(RunContext context) throws IOException {
      Destination file = Destination.of(path);
      if (!Files.isRegularFile(file.file())) {
        throw unfit(path, "is not a regular file");
      }
      return DirectoryTree.scan(
          file.directory(),
          name -> !name.equals(file.name()),
          context.cancellation(),
          context.warnings());
    }

    @Override
    public Optional<Path> replaced() {
      return Optional.empty();
    }

    @Override
    public Swap begin(String restoreId, String component) throws IOException {
      requireNoFolder();
      Destination file = Destination.of(path);
      return Swap.ofEntries(file.directory(), restoreId, component, List.of(file.name()));
    }

    @Override
    public Swap beginKept(String restoreId, String component, String keptBy) throws IOException {
      Destination file = Destination.of(path);
      return Swap.ofKept(file.directory(), restoreId, component, List.of(file.name()), keptBy);
    }

    @Override
    public Path place() throws IOException {
      return Destination.of(path).file();
    }

    @Override
    public PreviousFolders previous() throws IOException {
      return PreviousFolders.in(Destination.of(path).directory());
    }

    @Override
    public void requireReplaceable() throws IOException {
      requireNoFolder();
      Destination file = Destination.of(path);
      Replaceable.require(file.directory(), List.of(file.name()));
    }

    private void requireNoFolder() throws BackupException {
      if (Files.isDirectory(path)) {
        throw unfit(path, "is not a regular file");
      }
    }

    @Override
    public Optional<Swap> resume(String restoreId, String component) throws IOException {
      return Swap.resume(Destination.of(path).directory(), restoreId, component);
    }

    /** The file may have had another name when it was backed up. */
    @Override
    public void settle(Path staging, String tar) throws IOException {
      try {
        List<Path> unpacked = Disk.entries(staging);
        if (unpacked.size() != 1 || !Files.isRegularFile(unpacked.get(0))) {
          throw Kind.UNSUPPORTED.failure("stage restore", tar, "does not hold exactly one file");
        }
        Files.move(unpacked.get(0), staging.resolve(Destination.of(path).name()));
      } catch (IOException e) {
        throw FileFailure.of("stage restore", staging, e);
      }
    }
  }

  private static BackupException unfit(Path path, String fact) {
    return Files.exists(path)
        ? Kind.INVALID.failure("find files", path.toString(), fact)
        : Kind.NOT_FOUND.failure("find files", path.toString(), "does not exist");
  }
}
