package dev.openmemory.backup.sync;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a sync did, or would do ({@code dryRun}).
 *
 * @param source redacted
 * @param destination redacted
 * @param backups one entry for each backup that was looked at, by name, deletions last
 * @param sentBytes written to the destination
 * @param receivedBytes read from the destination: manifests, and what was sent
 * @param totalBytes what the backups of the source take that are at the destination now, or would
 *     be
 */
public record SyncReport(
    String source,
    String destination,
    boolean dryRun,
    List<Synced> backups,
    long sentBytes,
    long receivedBytes,
    long totalBytes,
    List<Warning> warnings,
    Duration elapsed) {

  /** Copies the lists. */
  public SyncReport {
    backups = List.copyOf(backups);
    warnings = List.copyOf(warnings);
  }

  /** What became of a backup at the destination. */
  public enum Outcome {
    /** It was not there. */
    SENT,
    /** It was damaged, or an older one of the same installation under that name. */
    UPDATED,
    SAME,
    /** The name is taken there by something else, which was not touched. */
    REFUSED,
    /** It is not there now, or was not touched; the next sync tries again. */
    FAILED,
    /** The source no longer had it. */
    DELETED
  }

  /**
   * One backup.
   *
   * @param files sent
   * @param bytes of these files
   * @param detail why it was refused or failed, else empty
   */
  public record Synced(BackupName name, Outcome outcome, int files, long bytes, String detail) {}

  /** Whether every backup is at the destination and nothing was found to complain of. */
  public boolean ok() {
    return warnings.isEmpty()
        && backups.stream()
            .noneMatch(b -> b.outcome() == Outcome.REFUSED || b.outcome() == Outcome.FAILED);
  }

  /** The same with one warning more. */
  public SyncReport with(Warning warning) {
    List<Warning> all = new ArrayList<>(warnings);
    all.add(warning);
    return new SyncReport(
        source, destination, dryRun, backups, sentBytes, receivedBytes, totalBytes, all, elapsed);
  }

  /** How many times more moving everything would have moved; empty when nothing moved. */
  public OptionalDouble speedUp() {
    long moved = sentBytes + receivedBytes;
    return moved == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) totalBytes / moved);
  }
}
