package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.cli.output.Printable;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.targetcheck.TargetCheckReport;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Finding;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Outcome;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Verdict;

/** A {@link TargetCheckReport} for people: a line for each duty, then what they amount to. */
final class TargetCheckText {
  private TargetCheckText() {}

  static String text(TargetCheckReport report) {
    Lines lines = new Lines();
    lines.add("Target " + TextRenderer.place(report.location()));
    if (!report.access().isEmpty()) {
      lines.add(Printable.of(report.access()));
    }
    Table duties = new Table();
    for (Finding finding : report.findings()) {
      duties.row(
          finding.duty(), finding.subject(), word(finding.outcome()), Printable.of(finding.seen()));
    }
    duties.lines("  ").forEach(lines::add);
    lines.add(verdict(report.verdict()));
    if (report.verdict() != Verdict.UNUSABLE) {
      lines.block("  works     ", report.meanings(Outcome.KEPT));
    }
    lines.block("  slower    ", report.meanings(Outcome.SLOWER));
    lines.block("  limits    ", report.meanings(Outcome.LIMITED));
    lines.block("  broken    ", report.meanings(Outcome.BROKEN));
    lines.block("  left      ", report.left().stream().map(Printable::of).toList());
    lines.add(
        report.left().isEmpty()
            ? "Everything that the check wrote has been removed."
            : "What is left could not be removed. Remove it with the means of the store.");
    return lines.text();
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case KEPT -> "kept";
      case SLOWER -> "slower";
      case LIMITED -> "limited";
      case BROKEN -> "BROKEN";
      case NOT_CHECKED -> "not checked";
    };
  }

  private static String verdict(Verdict verdict) {
    return switch (verdict) {
      case USABLE -> "This target can be used for backups.";
      case LIMITED -> "This target can be used for backups, with limits.";
      case UNUSABLE -> "This target cannot be used for backups as it is now.";
    };
  }
}
