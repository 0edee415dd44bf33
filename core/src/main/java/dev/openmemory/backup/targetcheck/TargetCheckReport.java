package dev.openmemory.backup.targetcheck;

import java.time.Duration;
import java.util.List;

/**
 * What a check of a target found.
 *
 * @param location of the target, redacted
 * @param access how the target reaches its store, for people; may be empty
 * @param findings one for each thing that was checked, in this order
 * @param left the names of objects that the check wrote and could not remove; empty as a rule
 * @param elapsed how long it took
 */
public record TargetCheckReport(
    String location, String access, List<Finding> findings, List<String> left, Duration elapsed) {
  /** Copies the lists. */
  public TargetCheckReport {
    findings = List.copyOf(findings);
    left = List.copyOf(left);
  }

  /** What the target can be used for. */
  public enum Verdict {
    /** For everything. */
    USABLE,
    /** For backups, with what the findings say. */
    LIMITED,
    /** Not for backups, as it is now. */
    UNUSABLE
  }

  /** How a target does one of its duties. */
  public enum Outcome {
    /** In full. */
    KEPT,
    /** In full, and slower than others. */
    SLOWER,
    /** In part; something must not be done with this target. */
    LIMITED,
    /** Not at all. */
    BROKEN,
    /** Not known, because something else failed or would be left behind. */
    NOT_CHECKED
  }

  /**
   * One thing that was checked.
   *
   * @param duty its number, from the Javadoc of {@link dev.openmemory.backup.spi.BackupTarget}
   * @param subject what was checked, for people
   * @param seen what the target did, for people
   * @param meaning what works, is slower or must not be done because of it, as one sentence for
   *     people; may be empty
   */
  public record Finding(
      String duty, String subject, Outcome outcome, String seen, String meaning) {}

  /** What the findings amount to. */
  public Verdict verdict() {
    if (has(Outcome.BROKEN)) {
      return Verdict.UNUSABLE;
    }
    boolean limited = has(Outcome.LIMITED) || has(Outcome.SLOWER) || !left.isEmpty();
    return limited ? Verdict.LIMITED : Verdict.USABLE;
  }

  /** What findings of that outcome mean, each once. */
  public List<String> meanings(Outcome outcome) {
    return findings.stream()
        .filter(finding -> finding.outcome() == outcome && !finding.meaning().isEmpty())
        .map(Finding::meaning)
        .distinct()
        .toList();
  }

  private boolean has(Outcome outcome) {
    return findings.stream().anyMatch(finding -> finding.outcome() == outcome);
  }
}
