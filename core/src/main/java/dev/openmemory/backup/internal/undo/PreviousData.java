package dev.openmemory.backup.internal.undo;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.putback.UndoFiles;
import dev.openmemory.backup.internal.restore.Recovery;
import dev.openmemory.backup.internal.restore.RestoreId;
import dev.openmemory.backup.internal.restore.UndoRecord;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.run.WorkFolder;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.internal.swap.PreviousFolders.Folder;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.CleanupRequest;
import dev.openmemory.backup.undo.SetAside;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds and removes what restores and changes of memories have set aside. */
public final class PreviousData {
  private final Run.Settings settings;

  /** Works with these settings. */
  public PreviousData(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#setAside}. */
  public List<SetAside> list(Installation installation) throws IOException {
    try (Run run = Run.reading(settings)) {
      Optional<String> last = UndoRecord.read(installation.home()).map(UndoRecord::restoreId);
      List<SetAside> all = new ArrayList<>();
      for (PreviousFolders folders : folders(run, installation)) {
        for (Folder folder : folders.all()) {
          Optional<Instant> time = RestoreId.begun(folder.restoreId(), run.clock().getZone());
          if (time.isPresent()) {
            boolean isLast = last.equals(Optional.of(folder.restoreId()));
            all.add(setAside(folder, time.get(), isLast));
          }
        }
      }
      all.sort(Comparator.comparing(SetAside::folder));
      all.addAll(new UndoFiles(installation.home()).list(run.clock().getZone()));
      all.sort(Comparator.comparing(SetAside::time));
      return all;
    }
  }

  /** Beside the data, and in the home what went through an engine or a server. */
  private static Set<PreviousFolders> folders(Run run, Installation installation)
      throws IOException {
    Set<PreviousFolders> folders = new LinkedHashSet<>();
    for (Installation.Part part : installation.parts()) {
      if (run.sources().open(part) instanceof KeepsPrevious source) {
        folders.addAll(source.previous());
      }
    }
    folders.add(new PreviousFolders(WorkFolder.of(installation.home())));
    return folders;
  }

  private static SetAside setAside(Folder folder, Instant time, boolean last) throws IOException {
    return new SetAside(
        folder.restoreId(), folder.component(), folder.path(), bytes(folder.path()), time, last);
  }

  private static long bytes(Path folder) throws IOException {
    long[] bytes = {0};
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw FileFailure.of("read previous data", folder, e);
    }
    return bytes[0];
  }

  /** See {@link dev.openmemory.backup.Backups#cleanUp}. */
  @SuppressWarnings("try")
  public CleanupReport cleanUp(Installation installation, CleanupRequest request)
      throws IOException {
    Recovery recovery = new Recovery(installation.home(), settings.clock());
    if (recovery.isNeedless() && list(installation).isEmpty()) {
      return new CleanupReport(request.dryRun(), List.of(), List.of());
    }
    // A restore may be about to use what would be removed.
    try (HomeLock lock = HomeLock.take(installation.home(), "clean up", settings.clock())) {
      for (String done : recovery.run()) {
        settings.listener().on(new BackupEvent.LeftoverHandled(done));
      }
      return underLock(installation, request);
    }
  }

  private CleanupReport underLock(Installation installation, CleanupRequest request)
      throws IOException {
    List<SetAside> removed = new ArrayList<>();
    List<SetAside> left = new ArrayList<>();
    for (SetAside each : list(installation)) {
      (request.keepLast() && each.last() ? left : removed).add(each);
    }
    if (!request.dryRun()) {
      for (SetAside each : removed) {
        remove(each, installation.home());
      }
    }
    return new CleanupReport(request.dryRun(), removed, left);
  }

  private static void remove(SetAside each, Path home) throws IOException {
    if (each.isOfMemories()) {
      new UndoFiles(home).remove(each);
      return;
    }
    if (each.last()) {
      // First, so that no undo finds a part of it.
      UndoRecord.delete(home);
    }
    try {
      PreviousFolders.remove(each.folder());
    } catch (IOException e) {
      throw FileFailure.of("remove previous data", each.folder(), e);
    }
  }
}
