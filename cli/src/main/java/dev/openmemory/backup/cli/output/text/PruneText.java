package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneReport.Decision;
import dev.openmemory.backup.prune.PruneReport.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became of each backup, and why. */
final class PruneText {
  private PruneText() {}

  static List<String> lines(PruneReport report) {
    List<String> lines = new ArrayList<>();
    Table table = new Table();
    Optional<String> group = Optional.empty();
    boolean first = true;
    for (Decision decision : report.decisions()) {
      if (first || !group.equals(decision.installationId())) {
        group = decision.installationId();
        first = false;
        table.row(group.map(id -> "installation " + id).orElse("without a manifest"));
      }
      table.row(
          "  " + decision.name(),
          Units.dateTime(decision.created(), report.zone()),
          Units.size(decision.storedBytes()),
          outcome(decision.outcome(), report.dryRun()),
          String.join(", ", decision.reasons()));
    }
    lines.addAll(table.lines(""));
    lines.add(summary(report));
    report.warnings().forEach(w -> lines.add("  warning: " + w.message() + " [" + w.code() + "]"));
    return lines;
  }

  private static String summary(PruneReport report) {
    List<Decision> removed = report.removed();
    long bytes = removed.stream().mapToLong(Decision::storedBytes).sum();
    int left = report.decisions().size() - removed.size();
    return (report.dryRun() ? "Would remove " : "Removed ")
        + removed.size()
        + " ("
        + Units.size(bytes)
        + (report.dryRun() ? "), keep " : "), kept ")
        + left
        + " in "
        + TextRenderer.place(report.location())
        + ". Time zone: "
        + report.zone();
  }

  private static String outcome(Outcome outcome, boolean dryRun) {
    return switch (outcome) {
      case KEPT -> "keep";
      case REMOVED -> dryRun ? "remove" : "removed";
      case NOT_REMOVED -> "not removed";
    };
  }
}
