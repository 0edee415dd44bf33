package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.RunMarker.Work;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deletes whole backups: named ones, and the unfinished ones of runs that have ended. */
public record BackupRemover(BackupTarget target, Clock clock) {
  /** Removes what ended runs left in the target. If that is denied, the run gets a warning. */
  public static void sweep(Run run, BackupTarget target) throws IOException {
    sweep(run, target, false);
  }

  /** The same; {@code told} says that an earlier run has warned of this already. */
  public static void sweep(Run run, BackupTarget target, boolean told) throws IOException {
    try {
      for (String done : new BackupRemover(target, run.clock()).sweep()) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
    } catch (BackupException e) {
      if (e.kind() != Kind.DENIED) {
        throw e;
      }
      // Permission to write does not imply permission to delete.
      if (!told) {
        run.warn(
            new Warning(
                "leftovers-remain", "leftover files of earlier runs remain: " + e.getMessage()));
      }
    }
  }

  /**
   * Finishes what killed runs began.
   *
   * @return what was done, for people
   */
  public List<String> sweep() throws IOException {
    List<String> done = new ArrayList<>();
    Optional<SweepsLeftovers> sweeper = ForwardingBackupTarget.power(target, SweepsLeftovers.class);
    if (sweeper.isPresent()) {
      Boundary.call("sweep", target.location(), sweeper.get()::sweepLeftovers)
          .forEach(what -> done.add("removed " + what));
    }
    for (Map.Entry<BackupName, List<ObjectInfo>> folder :
        new BackupCatalog(target).backups().entrySet()) {
      if (BackupCatalog.holds(folder.getValue(), RunMarker.FILE_NAME)) {
        sweep(folder.getKey()).ifPresent(done::add);
      }
    }
    return done;
  }

  private Optional<String> sweep(BackupName name) throws IOException {
    Optional<RunMarker> marker = marker(name);
    if (marker.isEmpty() || !marker.get().owner().isGone(clock)) {
      return Optional.empty();
    }
    // Looked at only now: before it was gone, the owner may have finished.
    List<ObjectInfo> objects = target.list(name + "/");
    if (BackupCatalog.holds(objects, Manifest.FILE_NAME)) {
      // Finished, or of a deletion that was refused: a deletion begins with the manifest.
      target.delete(name.file(RunMarker.FILE_NAME));
      return Optional.empty();
    }
    if (marker.get().work() == Work.SYNC && isContinuable(marker.get())) {
      return Optional.empty();
    }
    remove(objects);
    return Optional.of("removed the unfinished backup " + name);
  }

  private boolean isContinuable(RunMarker marker) {
    return marker.owner().since().plus(RunMarker.CONTINUABLE).isAfter(clock.instant());
  }

  /**
   * Deletes a backup so that it is never listed as good, nor taken for a script's, while it is half
   * gone.
   */
  public void delete(BackupName name) throws IOException {
    List<ObjectInfo> objects = target.list(name + "/");
    Optional<RunMarker> running = marker(name);
    if (running.isPresent() && !running.get().owner().isGone(clock)) {
      throw Kind.LOCKED.failure(
          "delete", target.location() + "/" + name, "in use by " + running.get().owner());
    }
    if (running.isPresent() && running.get().work() == Work.SYNC) {
      // With its manifest there it is whole, and half gone it must not look like one to continue.
      target.delete(name.file(RunMarker.FILE_NAME));
    }
    if (target.stat(name.file(RunMarker.FILE_NAME)).isEmpty()) {
      markForDeletion(name, objects);
    }
    removeManifest(name);
    remove(target.list(name + "/"));
  }

  /** What the store holds fast, such as by an object lock, stays as good as it was. */
  private void removeManifest(BackupName name) throws IOException {
    try {
      target.delete(name.file(Manifest.FILE_NAME));
    } catch (BackupException e) {
      if (e.kind() == Kind.DENIED) {
        Undo.after(e, () -> target.delete(name.file(RunMarker.FILE_NAME)));
      }
      throw e;
    }
  }

  /** Removes what a backup of this very run has written so far; a list of it may be late. */
  public void abandon(BackupName name) throws IOException {
    target.delete(name.file(Manifest.FILE_NAME));
    remove(target.list(name + "/"));
    target.delete(name.file(RunMarker.FILE_NAME));
  }

  private void markForDeletion(BackupName name, List<ObjectInfo> objects) throws IOException {
    RunMarker marker = new RunMarker(Work.DELETE, Owner.ofThisProcess(clock));
    try {
      marker.write(target, name);
    } catch (BackupException e) {
      if (e.kind() != Kind.NO_SPACE || objects.isEmpty()) {
        throw e;
      }
      // A full target must not prevent the very thing that makes room. Without its largest file
      // the backup is listed as damaged until the rest is gone.
      target.delete(
          objects.stream().max(Comparator.comparingLong(ObjectInfo::size)).orElseThrow().name());
      marker.write(target, name);
    }
  }

  /** The manifest goes first, the marker last. */
  private void remove(List<ObjectInfo> objects) throws IOException {
    List<ObjectInfo> ordered = new ArrayList<>(objects);
    ordered.sort(Comparator.comparingInt(o -> rank(o.name().fileName())));
    for (ObjectInfo object : ordered) {
      target.delete(object.name());
    }
  }

  private static int rank(String fileName) {
    return switch (fileName) {
      case Manifest.FILE_NAME -> 0;
      case RunMarker.FILE_NAME -> 2;
      default -> 1;
    };
  }

  /**
   * The marker; empty when it is missing, because its run has just finished, or not readable. Then
   * the owner of the files is not known, and a sweep leaves them.
   */
  Optional<RunMarker> marker(BackupName name) throws IOException {
    try {
      return Optional.of(RunMarker.read(target, name));
    } catch (BackupException e) {
      if (e.kind() == Kind.CORRUPT || e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
