package dev.openmemory.backup.internal.sync;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupRemover;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes at the destination what the source no longer has, and never more than the source
 * confirms: a source that is empty, or not the one that it was, confirms nothing.
 */
record SyncDeletion(Run run, BackupTarget destination, Map<BackupName, BackupSummary> backups) {
  /**
   * The backups at the destination that may be deleted. The others are named in a warning, except
   * pinned ones.
   */
  List<BackupName> confirmed(List<BackupSummary> superfluous, boolean allCopied) {
    Set<String> installations =
        backups.values().stream()
            .flatMap(b -> installation(b).stream())
            .collect(Collectors.toSet());
    List<BackupName> confirmed = new ArrayList<>();
    for (BackupSummary backup : superfluous) {
      Optional<String> installation = installation(backup);
      if (backup.pinned().isPresent()) {
        continue;
      }
      if (!allCopied) {
        keep(backup.name(), "not all backups could be copied");
      } else if (installation.isEmpty()) {
        keep(backup.name(), "its installation is unknown");
      } else if (!installations.contains(installation.get())) {
        keep(backup.name(), "the source has no backup of its installation");
      } else {
        confirmed.add(backup.name());
      }
    }
    return confirmed;
  }

  /**
   * Deletes one, if the source still says the same.
   *
   * @return whether it is gone, or would be
   */
  boolean delete(BackupName name, boolean dryRun) throws IOException {
    run.checkCancelled();
    // Of a source that is no longer mounted, every name would seem to be gone.
    Map<BackupName, List<ObjectInfo>> now = new BackupCatalog(run.target()).folders("");
    boolean wholeSource = now.keySet().containsAll(backups.keySet());
    if (!wholeSource || now.containsKey(name)) {
      keep(name, "the source has changed meanwhile, or has files of that name");
      return false;
    }
    if (!dryRun) {
      new BackupRemover(destination, run.clock()).delete(name);
    }
    return true;
  }

  private void keep(BackupName name, String reason) {
    run.warn(
        new Warning(
            "not-deleted",
            name
                + " stays at the destination although the source does not"
                + " list it: "
                + reason));
  }

  private static Optional<String> installation(BackupSummary backup) {
    return backup.manifest().map(Manifest::installationId);
  }
}
