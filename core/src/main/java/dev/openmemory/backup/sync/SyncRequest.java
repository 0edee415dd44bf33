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
}
