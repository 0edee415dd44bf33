package dev.openmemory.backup.internal.sync;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupRemover;
import dev.openmemory.backup.internal.catalog.RunMarker;
import dev.openmemory.backup.internal.catalog.RunMarker.Work;
import dev.openmemory.backup.internal.catalog.StoredFiles;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One backup on its way to the destination: the marker first, the files, what arrived is read, the
 * manifest, a look at all of it, and the marker is removed. A failure leaves what was sent for the
 * next sync, hidden by the marker; if bytes were wrong it leaves nothing.
 */
final class BackupCopy {
  /** What this process is copying. What bears its mark and is not among these was given up. */
  private static final Set<String> ACTIVE = ConcurrentHashMap.newKeySet();

  private final Run run;
  private final BackupTarget destination;
  private final SyncTraffic traffic;
  private final SyncOriginal original;
  private final BackupName name;
  private final SyncPlan plan;
  private final CopiedFiles files;
  private boolean claimed;

  BackupCopy(
      Run run,
      BackupTarget destination,
      SyncTraffic traffic,
      SyncOriginal original,
      SyncPlan plan,
      CopiedFiles files) {
    this.run = run;
    this.destination = destination;
    this.traffic = traffic;
    this.original = original;
    this.name = original.name();
    this.plan = plan;
    this.files = files;
  }

  /** What would be sent to a destination that holds these objects. */
  List<SyncOriginal.File> wouldSend(List<ObjectInfo> there) throws IOException {
    return missing(present(marker(), there));
  }

  /**
   * Copies.
   *
   * @param before what the destination had of this name when the sync began
   * @return the files that were sent
   */
  List<SyncOriginal.File> send(List<ObjectInfo> before) throws IOException {
    if (!ACTIVE.add(place())) {
      throw locked("another sync of this process is copying it");
    }
    try {
      return sendClaimed(before);
    } catch (IOException | RuntimeException | Error e) {
      if (claimed && e instanceof BackupException ours && ours.kind() == Kind.CORRUPT) {
        Undo.after(e, () -> new BackupRemover(destination, run.clock()).abandon(name));
      }
      throw e;
    } finally {
      ACTIVE.remove(place());
    }
  }

  private List<SyncOriginal.File> sendClaimed(List<ObjectInfo> before) throws IOException {
    if (plan.outcome() == Outcome.UPDATED) {
      run.enter(Phase.PREPARE, name.value());
      // What has rotted in the source must not cost the copy that is there.
      files.readOriginals(missing(plan.kept()));
    }
    List<SyncOriginal.File> missing = missing(before.isEmpty() ? claimNew() : claim());
    run.enter(Phase.COPY, name.value());
    files.send(missing);
    if (!missing.isEmpty()) {
      run.enter(Phase.VERIFY, name.value());
    }
    files.readBack(missing);
    run.checkCancelled();
    finish();
    return missing;
  }

  /**
   * Takes the name, and removes what is not of this backup.
   *
   * @return the files that are there and stay
   */
  private Set<String> claim() throws IOException {
    Optional<RunMarker> earlier = marker();
    if (earlier.isPresent()) {
      requireGone(earlier.get().owner());
    }
    if (earlier.isPresent() && !destination.traits().atomicReplace()) {
      new BackupRemover(destination, run.clock()).abandon(name);
      earlier = Optional.empty();
    }
    List<ObjectInfo> there = destination.list(name + "/");
    Set<String> present = present(earlier, there);
    boolean allOurs = there.isEmpty() || isContinued(earlier, there);
    // A file of before that is the same in size must not be taken for one that was sent, so the
    // marker names the copied backup only when such files are gone.
    RunMarker marker = ours(allOurs);
    List<ObjectInfo> now = earlier.isPresent() ? replace(marker) : create(marker);
    traffic.sent(marker.toJson().length);
    requireUnchanged(there, now, earlier.isEmpty());
    claimed = true;
    removeOthers(there, present);
    if (!allOurs && destination.traits().atomicReplace()) {
      ours(true).replace(destination, name);
    }
    return allOurs ? files.keepSound(original.files(), present) : present;
  }

  /** Takes a name that was free; the marker and a look tell when it no longer is. */
  private Set<String> claimNew() throws IOException {
    RunMarker marker = ours(true);
    List<ObjectInfo> now = create(marker);
    traffic.sent(marker.toJson().length);
    requireUnchanged(List.of(), now, true);
    claimed = true;
    return Set.of();
  }

  private RunMarker ours(boolean namesTheCopied) {
    return new RunMarker(
        Work.SYNC,
        Owner.ofThisProcess(run.clock()),
        namesTheCopied ? Optional.of(original.sha256()) : Optional.empty());
  }

  private List<ObjectInfo> replace(RunMarker marker) throws IOException {
    marker.replace(destination, name);
    return destination.list(name + "/");
  }

  private List<ObjectInfo> create(RunMarker marker) throws IOException {
    try {
      return marker.claim(destination, name);
    } catch (BackupException e) {
      boolean isAnothers = e.kind() == Kind.ALREADY_EXISTS && marker().isPresent();
      throw isAnothers ? locked("another run has just taken the name") : e;
    }
  }

  /** Another run may have finished under this name between the check and the marker. */
  private void requireUnchanged(List<ObjectInfo> before, List<ObjectInfo> after, boolean ownMarker)
      throws IOException {
    Map<String, Long> now = SyncPlan.sizes(after);
    Map<String, Long> then = SyncPlan.sizes(before);
    now.remove(RunMarker.FILE_NAME);
    then.remove(RunMarker.FILE_NAME);
    if (!now.equals(then)) {
      if (ownMarker) {
        destination.delete(name.file(RunMarker.FILE_NAME));
      }
      throw locked("another run has just changed it");
    }
  }

  private void removeOthers(List<ObjectInfo> there, Set<String> present) throws IOException {
    if (BackupCatalog.holds(there, Manifest.FILE_NAME)) {
      destination.delete(name.file(Manifest.FILE_NAME));
    }
    for (ObjectInfo object : there) {
      String fileName = object.name().fileName();
      boolean stays =
          fileName.equals(RunMarker.FILE_NAME) || fileName.equals(BackupSummary.PIN_FILE_NAME);
      if (!present.contains(fileName) && !stays) {
        destination.delete(object.name());
      }
    }
  }

  /** Those of the files that are there and, by a manifest or by the marker, of this backup. */
  private Set<String> present(Optional<RunMarker> marker, List<ObjectInfo> there) {
    Map<String, Long> sizes = SyncPlan.sizes(there);
    boolean continued = isContinued(marker, there);
    Set<String> present = new HashSet<>();
    for (SyncOriginal.File file : original.files()) {
      boolean whole = sizes.getOrDefault(file.fileName(), -1L) == file.digest().size();
      if (whole && (continued || plan.kept().contains(file.fileName()))) {
        present.add(file.fileName());
      }
    }
    return present;
  }

  private boolean isContinued(Optional<RunMarker> marker, List<ObjectInfo> there) {
    return !BackupCatalog.holds(there, Manifest.FILE_NAME)
        && marker
            .filter(m -> m.work() == Work.SYNC)
            .flatMap(RunMarker::copied)
            .filter(original.sha256()::equals)
            .isPresent();
  }

  private List<SyncOriginal.File> missing(Set<String> present) {
    return original.files().stream().filter(f -> !present.contains(f.fileName())).toList();
  }

  private void finish() throws IOException {
    StoredFiles stored = new StoredFiles();
    original.files().forEach(file -> stored.add(file.fileName(), file.digest().size()));
    if (original.manifest().isPresent()) {
      SmallContent manifest = original.manifest().get();
      destination.write(name.file(Manifest.FILE_NAME), manifest, WriteOptions.CREATE_ONLY);
      traffic.sent(manifest.bytes().length);
      stored.add(Manifest.FILE_NAME, manifest.bytes().length);
    }
    stored.requireSeen("sync", destination, name);
    destination.delete(name.file(RunMarker.FILE_NAME));
  }

  private Optional<RunMarker> marker() throws IOException {
    try {
      return Optional.of(RunMarker.read(destination, name));
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void requireGone(Owner owner) throws BackupException {
    // What ACTIVE does not hold, this process no longer copies.
    if (!owner.isThisProcess() && !owner.isGone(run.clock())) {
      throw locked("in use by " + owner);
    }
  }

  private BackupException locked(String fact) {
    return Kind.LOCKED.failure("sync", place(), fact);
  }

  private String place() {
    return destination.location() + "/" + name;
  }
}
