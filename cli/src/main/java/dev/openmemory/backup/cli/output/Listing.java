package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.BackupSummary;
import java.util.List;

/**
 * Backups to be listed.
 *
 * @param shown in the order wanted
 * @param present how many the target has, shown or not
 * @param target where they are, redacted
 * @param inFull whether people get all that is known of each
 */
public record Listing(List<BackupSummary> shown, int present, String target, boolean inFull) {
  /** Copies the list. */
  public Listing {
    shown = List.copyOf(shown);
  }

  /** All that there are. */
  public static Listing of(List<BackupSummary> all, String target) {
    return new Listing(all, all.size(), target, false);
  }

  public long storedBytes() {
    return shown.stream().mapToLong(BackupSummary::storedBytes).sum();
  }
}
