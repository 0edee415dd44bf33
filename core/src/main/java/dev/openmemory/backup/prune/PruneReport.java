package dev.openmemory.backup.prune;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Warning;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What a prune decided and did.
 *
 * @param location the redacted place of the target
 * @param dryRun whether nothing was removed
 * @param zone in which days and weeks were counted
 * @param decisions on all backups of the target, grouped by installation, newest first
 * @param warnings such as {@code prune-blocked}
 */
public record PruneReport(
    String location,
    boolean dryRun,
    ZoneId zone,
    List<Decision> decisions,
    List<Warning> warnings,
    Duration elapsed) {

  /** Copies the lists. */
  public PruneReport {
    decisions = List.copyOf(decisions);
    warnings = List.copyOf(warnings);
  }

  /** What becomes of a backup. */
  public enum Outcome {
    KEPT,
    /** Gone, or it would be. */
    REMOVED,
    /** It was to be removed and is still there: the store refuses, or another run uses it. */
    NOT_REMOVED
  }

  /**
   * What was decided about one backup.
   *
   * @param installationId empty without a manifest
   * @param created by which its age was reckoned
   * @param reasons why it is kept, or goes, or could not go; for people, at least one
   */
  public record Decision(
      BackupName name,
      Optional<String> installationId,
      Instant created,
      long storedBytes,
      Outcome outcome,
      List<String> reasons) {
    /** Copies the list. */
    public Decision {
      reasons = List.copyOf(reasons);
    }

    /** The same with another end. */
    public Decision but(Outcome changed, String reason) {
      return new Decision(name, installationId, created, storedBytes, changed, List.of(reason));
    }
  }

  /** The backups that were removed, or would be. */
  public List<Decision> removed() {
    return decisions.stream().filter(d -> d.outcome() == Outcome.REMOVED).toList();
  }

  /** Whether all went that should, and nothing has to be looked at. */
  public boolean ok() {
    return warnings.isEmpty()
        && decisions.stream().noneMatch(d -> d.outcome() == Outcome.NOT_REMOVED);
  }
}
