package dev.openmemory.backup;

import java.util.Set;

/**
 * How a backup is to be restored.
 *
 * @param only the components to restore; empty for all that the backup has
 * @param acceptMismatch whether a database without its vectors (or the reverse) may be put in place
 * @param discardPrevious whether the state from before is deleted once the restore has succeeded
 * @param dryRun whether to stop after everything has been fetched and checked
 */
public record RestoreRequest(
    Set<String> only, boolean acceptMismatch, boolean discardPrevious, boolean dryRun) {
  /** Everything, keeping the state from before. */
  public static final RestoreRequest STANDARD = new RestoreRequest(Set.of(), false, false, false);

  /** Copies the set. */
  public RestoreRequest {
    only = Set.copyOf(only);
  }
}
