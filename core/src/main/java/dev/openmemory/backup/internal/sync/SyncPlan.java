package dev.openmemory.backup.internal.sync;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.RunMarker;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What to do about one backup, by what both sides say of it.
 *
 * @param kept files of the destination that its manifest proves to be the same
 * @param detail why it is refused, else empty
 */
record SyncPlan(Outcome outcome, Set<String> kept, String detail) {
  private static SyncPlan of(Outcome outcome) {
    return new SyncPlan(outcome, Set.of(), "");
  }

  private static SyncPlan refused(String detail) {
    return new SyncPlan(
        Outcome.REFUSED, Set.of(), "the name is taken at the destination: " + detail);
  }

  /**
   * Compares a usable backup with what is there under its name.
   *
   * @param objects of the backup
   * @param there the objects at the destination, of which {@code existing} is the backup, if any
   * @param sameSignature whether the destination has the signature of the backup, if it has one
   */
  static SyncPlan of(
      BackupSummary backup,
      List<ObjectInfo> objects,
      Optional<BackupSummary> existing,
      List<ObjectInfo> there,
      boolean sameSignature) {
    if (there.isEmpty()) {
      return of(Outcome.SENT);
    }
    if (BackupCatalog.holds(there, Manifest.FILE_NAME)) {
      return existing
          .flatMap(BackupSummary::manifest)
          .map(manifest -> compare(backup, manifest, existing.get().state(), there, sameSignature))
          .orElseGet(() -> refused("a backup with a manifest that cannot be read"));
    }
    if (BackupCatalog.holds(there, RunMarker.FILE_NAME)) {
      return of(Outcome.SENT);
    }
    if (backup.manifest().isEmpty() && sizes(objects).equals(sizes(there))) {
      return of(Outcome.SAME);
    }
    return refused("files without a manifest, of unknown origin");
  }

  private static SyncPlan compare(
      BackupSummary backup,
      Manifest there,
      State state,
      List<ObjectInfo> objects,
      boolean sameSignature) {
    if (backup.manifest().isEmpty()) {
      return refused("a backup with a manifest");
    }
    Manifest wanted = backup.manifest().get();
    boolean sameFiles = digests(wanted).equals(digests(there));
    if (sameFiles && state == State.COMPLETE && sameSignature) {
      return of(Outcome.SAME);
    }
    if (!sameFiles && !wanted.installationId().equals(there.installationId())) {
      return refused("a backup of installation " + there.installationId());
    }
    Map<String, Digest> proven = digests(there);
    Map<String, Long> sizes = sizes(objects);
    Set<String> kept =
        wanted.files().stream()
            .filter(f -> f.stored().equals(proven.get(f.name())))
            .filter(f -> sizes.getOrDefault(f.name(), -1L) == f.stored().size())
            .map(StoredFile::name)
            .collect(Collectors.toSet());
    return new SyncPlan(Outcome.UPDATED, kept, "");
  }

  private static Map<String, Digest> digests(Manifest manifest) {
    Map<String, Digest> digests = new TreeMap<>();
    manifest.files().forEach(file -> digests.put(file.name(), file.stored()));
    return digests;
  }

  /** Sizes by file; a pin is of the place and not of the backup. */
  static Map<String, Long> sizes(List<ObjectInfo> objects) {
    Map<String, Long> sizes = new TreeMap<>();
    objects.forEach(object -> sizes.put(object.name().fileName(), object.size()));
    sizes.remove(BackupSummary.PIN_FILE_NAME);
    return sizes;
  }

  /** What reading the manifest among these objects costs. */
  static long manifestSize(List<ObjectInfo> objects) {
    return sizes(objects).getOrDefault(Manifest.FILE_NAME, 0L);
  }
}
