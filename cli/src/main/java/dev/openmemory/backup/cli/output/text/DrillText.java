package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a drill found, for people. */
final class DrillText {
  private DrillText() {}

  static List<String> lines(DrillReport report, Duration took) {
    List<String> lines = new ArrayList<>();
    lines.add("Backup " + report.name() + ": " + outcome(report));
    if (!report.restored().isEmpty()) {
      lines.add("  restored  " + String.join(", ", report.restored()) + "; removed again");
    }
    report.seen().ifPresent(seen -> seen(lines, seen));
    report.problems().forEach(p -> lines.add("  problem: " + p.subject() + ": " + p.message()));
    report.notBooted().ifPresent(reason -> notBooted(lines, report, reason));
    report.warnings().forEach(w -> lines.add("  warning: " + w.message() + " [" + w.code() + "]"));
    if (report.recorded()) {
      lines.add("  recorded  in " + Proof.FILE_NAME + " beside the backup");
    }
    lines.add("  took      " + Units.elapsed(took));
    return lines;
  }

  private static String outcome(DrillReport report) {
    return switch (report.outcome()) {
      case PROVEN -> "restore test passed";
      case PARTLY -> "partly tested";
      case FAILED -> "restore test FAILED";
    };
  }

  private static void seen(List<String> lines, Proof.Seen seen) {
    lines.add("  opened by " + seen.by());
    lines.add(
        "  points    "
            + seen.points().entrySet().stream()
                .map(e -> e.getValue() + " in " + e.getKey())
                .collect(Collectors.joining(", ")));
    seen.matchedIds().ifPresent(ids -> lines.add("  memories  " + ids + " have their vector"));
    lines.add(
        "  searched  "
            + seen.searched()
            + " points were found by their own vectors; all vectors and payloads were read");
  }

  private static void notBooted(List<String> lines, DrillReport report, String reason) {
    if (!report.restored().contains(Component.VECTORS)) {
      lines.add("  No vectors were tested: " + reason);
      return;
    }
    lines.add("  Nothing here could open the vectors: " + reason);
    lines.add("  The digests and the archive of the vectors were checked to the end.");
  }
}
