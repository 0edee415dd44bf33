package dev.openmemory.backup.undo;

import java.util.List;

/**
 * A cleanup that was done, or would be ({@code dryRun}).
 *
 * @param removed oldest first
 * @param left what was to be kept, oldest first
 */
public record CleanupReport(boolean dryRun, List<SetAside> removed, List<SetAside> left) {
  /** Copies the lists. */
  public CleanupReport {
    removed = List.copyOf(removed);
    left = List.copyOf(left);
  }

  /** Lengths of the files that were removed, holes included. */
  public long bytes() {
    return removed.stream().mapToLong(SetAside::bytes).sum();
  }
}
