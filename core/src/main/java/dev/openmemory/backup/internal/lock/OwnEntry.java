package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.LockEntry;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The entry that a run writes: a new one, or one that an earlier run of the same home had to leave,
 * because the account may not delete. Only the run that has the home's lock from the operating
 * system writes an old one again, so that no two do.
 *
 * @param home what distinguishes it; empty where the run has no such lock
 * @param kept whether it had to stay and was told about
 */
record OwnEntry(ObjectName name, Optional<String> home, boolean isNew, boolean kept) {
  /**
   * For a run.
   *
   * @param entries of the installation
   * @param home which home of this host the run has alone
   */
  static OwnEntry among(
      List<LockEntry> entries, String installationId, Optional<String> home, BackupTarget target) {
    return entries.stream()
        .filter(entry -> entry.hadHome(home))
        .filter(entry -> target.traits().atomicReplace())
        .findFirst()
        .map(entry -> new OwnEntry(entry.object(), home, false, entry.kept()))
        .orElseGet(() -> new OwnEntry(LockEntry.newName(installationId), home, true, false));
  }

  boolean is(LockEntry entry) {
    return entry.object().equals(name);
  }

  SmallContent content(String installationId, String work, Owner owner) {
    return LockEntry.content(installationId, work, owner, home, kept);
  }

  ObjectInfo write(BackupTarget target, SmallContent content) throws IOException {
    return target.write(name, content, isNew ? WriteOptions.CREATE_ONLY : WriteOptions.REPLACE);
  }

  /** The same, as one that had to stay and was told about. */
  OwnEntry asKept() {
    return new OwnEntry(name, home, false, true);
  }
}
