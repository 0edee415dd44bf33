package dev.openmemory.backup.sync;

import dev.openmemory.backup.BackupName;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How backups are to be copied to another target.
 *
 * @param names the backups; empty for all
 * @param delete whether backups that the source no longer has are deleted at the destination; not
 *     together with names
 * @param dryRun whether to say what would be done, and change nothing
 * @param limit the most bytes a second to and from the destination
 * @param verify whether what was sent is read back and compared
 */
public record SyncRequest(
    Set<BackupName> names, boolean delete, boolean dryRun, OptionalLong limit, boolean verify) {
  /** All backups, verified, deleting nothing. */
  public static final SyncRequest STANDARD =
      new SyncRequest(Set.of(), false, false, OptionalLong.empty(), true);

  /** Copies the set. */
  public SyncRequest {
    names = Set.copyOf(names);
  }

  /** The same of these backups alone; of all when there are none. */
  public SyncRequest withNames(Set<BackupName> chosen) {
    return new SyncRequest(chosen, delete, dryRun, limit, verify);
  }

  /** The same, deleting at the destination what the source no longer has. */
  public SyncRequest deletingMissing() {
    return new SyncRequest(names, true, dryRun, limit, verify);
  }

  /** The same, only saying what would be done. */
  public SyncRequest asDryRun() {
    return new SyncRequest(names, delete, true, limit, verify);
  }

  /** The same with at most so many bytes a second to and from the destination. */
  public SyncRequest withLimit(long bytesPerSecond) {
    return new SyncRequest(names, delete, dryRun, OptionalLong.of(bytesPerSecond), verify);
  }

  /** The same, without reading back what was sent. */
  public SyncRequest withoutVerification() {
    return new SyncRequest(names, delete, dryRun, limit, false);
  }
}
