package dev.openmemory.backup.archive;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Warning;
import java.time.Duration;
import java.util.List;

/**
 * What was taken in.
 *
 * @param backups in the order of the archive
 * @param warnings what was left out and why
 */
public record ImportReport(List<Imported> backups, List<Warning> warnings, Duration elapsed) {
  /** Copies the lists. */
  public ImportReport {
    backups = List.copyOf(backups);
    warnings = List.copyOf(warnings);
  }

  /** What became of a backup. */
  public enum Outcome {
    /** Its digests were compared with its manifest; or only its signature was missing. */
    IMPORTED,
    /** It has no manifest, so only its structure was checked. */
    UNVERIFIED,
    /** The target had the very same backup. */
    SAME
  }

  /**
   * One backup.
   *
   * @param name in the target
   * @param files that were stored
   * @param bytes of these
   */
  public record Imported(BackupName name, Outcome outcome, int files, long bytes) {}
}
