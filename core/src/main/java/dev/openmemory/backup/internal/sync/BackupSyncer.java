package dev.openmemory.backup.internal.sync;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupRemover;
import dev.openmemory.backup.internal.catalog.StoredSignature;
import dev.openmemory.backup.internal.parallel.Parallel;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.target.TargetStack;
import dev.openmemory.backup.internal.text.HostPath;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import dev.openmemory.backup.sync.SyncReport.Synced;
import dev.openmemory.backup.sync.SyncRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Copies backups to another target: looks at both sides, then moves what differs. */
public final class BackupSyncer {
  private final Run.Settings settings;
  private final BackupTarget store;
  private final SyncRequest request;

  /** Copies from the target of the settings to this one. */
  public BackupSyncer(Run.Settings settings, BackupTarget destination, SyncRequest request) {
    this.settings = settings;
    this.store = destination;
    this.request = request;
  }

  public SyncReport sync() throws IOException {
    if (store.location().equals(settings.store().location())) {
      throw Kind.INVALID.failure(
          "sync", store.location(), "is both the source and the destination");
    }
    if (request.delete() && !request.names().isEmpty()) {
      throw Kind.INVALID.failure(
          "sync", store.location(), "either names or a deletion can be asked for");
    }
    BackupTarget destination =
        TargetStack.over(store, request.dryRun(), request.limit(), settings.cancellation());
    try (Run run = Run.reading(settings)) {
      run.enter(Phase.PREFLIGHT, "sync");
      if (!request.dryRun()) {
        BackupRemover.sweep(run, destination);
      }
      return new Pass(run, destination).report();
    }
  }

  /** One pass over the backups. */
  private final class Pass {
    private final Run run;
    private final BackupTarget destination;
    private final SyncTraffic traffic = new SyncTraffic();
    private final BackupCatalog atDestination;
    private final List<Synced> synced = new ArrayList<>();
    private final InFlight inFlight;

    Pass(Run run, BackupTarget destination) {
      this.run = run;
      this.destination = destination;
      this.atDestination = new BackupCatalog(destination);
      this.inFlight = InFlight.between(run.target(), destination);
    }

    SyncReport report() throws IOException {
      BackupCatalog catalog = BackupCatalog.of(run);
      Map<BackupName, List<ObjectInfo>> here = catalog.backups();
      Map<BackupName, BackupSummary> backups = new TreeMap<>();
      for (Map.Entry<BackupName, List<ObjectInfo>> folder : here.entrySet()) {
        if (request.names().isEmpty() || request.names().contains(folder.getKey())) {
          catalog
              .summarize(folder.getKey(), folder.getValue())
              .ifPresent(found -> backups.put(found.name(), found));
        }
      }
      requireAllNames(backups);
      Map<BackupName, List<ObjectInfo>> there = atDestination.folders("");
      Map<BackupName, Synced> results = new ConcurrentHashMap<>();
      Parallel.forEach(
          List.copyOf(backups.values()),
          inFlight.backups(),
          backup -> {
            run.checkCancelled();
            List<ObjectInfo> objects = here.getOrDefault(backup.name(), List.of());
            List<ObjectInfo> copied = there.getOrDefault(backup.name(), List.of());
            results.put(backup.name(), sync(backup, objects, copied));
          });
      backups.keySet().forEach(name -> synced.add(Objects.requireNonNull(results.get(name))));
      long totalBytes =
          synced.stream()
              .filter(s -> s.outcome() != Outcome.REFUSED && s.outcome() != Outcome.FAILED)
              .mapToLong(s -> Objects.requireNonNull(backups.get(s.name())).storedBytes())
              .sum();
      if (request.delete()) {
        delete(backups, there);
      }
      return new SyncReport(
          run.target().location(),
          destination.location(),
          request.dryRun(),
          synced,
          traffic.sent(),
          traffic.received(),
          totalBytes,
          run.warnings(),
          run.elapsed());
    }

    private void requireAllNames(Map<BackupName, BackupSummary> backups) throws BackupException {
      for (BackupName name : request.names()) {
        if (!backups.containsKey(name)) {
          throw Kind.NOT_FOUND.failure(
              "find backup",
              run.target().location() + "/" + name,
              "No backup named '" + name + "' in " + HostPath.of(run.target().location()) + ".");
        }
      }
    }

    /** What concerns this backup alone is its outcome; what concerns all ends the sync. */
    private Synced sync(BackupSummary backup, List<ObjectInfo> objects, List<ObjectInfo> there)
        throws IOException {
      if (backup.state() == State.DAMAGED) {
        return untouched(backup.name(), Outcome.FAILED, "damaged: " + backup.problem().orElse(""));
      }
      try {
        Optional<BackupSummary> existing = atDestination.summarize(backup.name(), there);
        traffic.received(SyncPlan.manifestSize(there));
        boolean sameSignature = hasSignature(backup.name(), objects, there);
        SyncPlan plan = SyncPlan.of(backup, objects, existing, there, sameSignature);
        return switch (plan.outcome()) {
          case SENT, UPDATED -> copy(backup, objects, there, plan);
          default -> untouched(backup.name(), plan.outcome(), plan.detail());
        };
      } catch (BackupException e) {
        if (endsAll(e.kind())) {
          throw e;
        }
        return untouched(backup.name(), Outcome.FAILED, e.getMessage());
      }
    }

    private boolean hasSignature(BackupName name, List<ObjectInfo> objects, List<ObjectInfo> there)
        throws IOException {
      if (!BackupCatalog.holds(objects, Manifest.SIGNATURE_FILE_NAME)) {
        return true;
      }
      if (!BackupCatalog.holds(there, Manifest.SIGNATURE_FILE_NAME)) {
        return false;
      }
      Optional<byte[]> copied = StoredSignature.read(destination, name);
      traffic.received(copied.map(bytes -> bytes.length).orElse(0));
      Optional<byte[]> original = StoredSignature.read(run.target(), name);
      return copied.isPresent()
          && original.isPresent()
          && Arrays.equals(copied.get(), original.get());
    }

    private Synced copy(
        BackupSummary backup, List<ObjectInfo> objects, List<ObjectInfo> there, SyncPlan plan)
        throws IOException {
      SyncOriginal original = SyncOriginal.read(run, backup, objects);
      CopiedFiles files =
          new CopiedFiles(run, destination, traffic, inFlight.files(), request.verify());
      BackupCopy copy = new BackupCopy(run, destination, traffic, original, plan, files);
      List<SyncOriginal.File> sent = request.dryRun() ? copy.wouldSend(there) : copy.send(there);
      long bytes = sent.stream().mapToLong(f -> f.digest().size()).sum();
      return new Synced(backup.name(), plan.outcome(), sent.size(), bytes, "");
    }

    private void delete(
        Map<BackupName, BackupSummary> backups, Map<BackupName, List<ObjectInfo>> there)
        throws IOException {
      SyncDeletion deletion = new SyncDeletion(run, destination, backups);
      List<BackupSummary> superfluous = new ArrayList<>();
      for (Map.Entry<BackupName, List<ObjectInfo>> folder : there.entrySet()) {
        if (!backups.containsKey(folder.getKey())) {
          traffic.received(SyncPlan.manifestSize(folder.getValue()));
          atDestination.summarize(folder.getKey(), folder.getValue()).ifPresent(superfluous::add);
        }
      }
      boolean allCopied =
          synced.stream()
              .noneMatch(s -> s.outcome() == Outcome.FAILED || s.outcome() == Outcome.REFUSED);
      for (BackupName name : deletion.confirmed(superfluous, allCopied)) {
        if (deletion.delete(name, request.dryRun())) {
          synced.add(untouched(name, Outcome.DELETED, ""));
        }
      }
    }

    private static Synced untouched(BackupName name, Outcome outcome, String detail) {
      return new Synced(name, outcome, 0, 0, detail);
    }

    private static boolean endsAll(Kind kind) {
      return switch (kind) {
        case UNAVAILABLE, TIMEOUT, DENIED, NO_SPACE, CANCELLED -> true;
        default -> false;
      };
    }
  }
}
