package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.cli.output.SetAsideText;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.UndoReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;

/** An undo and a cleanup, for people. */
final class UndoText {
  private UndoText() {}

  static String text(UndoReport report, Duration took) {
    Lines lines = new Lines();
    String components = String.join(", ", report.places().keySet());
    if (report.dryRun()) {
      lines.add("The restore of backup " + report.backup() + state(report) + components);
      lines.add("  Everything was checked; nothing was changed.");
    } else {
      lines.add(
          (report.again() ? "Brought back" : "Undid")
              + " the restore of backup "
              + report.backup()
              + ": "
              + components);
    }
    lines.add("  took      " + Units.elapsed(took));
    lines.warnings(report.warnings());
    saved(lines, report.previous(), true);
    return lines.text();
  }

  private static String state(UndoReport report) {
    return report.again() ? " can be brought back: " : " can be undone: ";
  }

  /** Where previous data is, and what to do with it. */
  static void saved(Lines lines, Map<String, Path> previous, boolean undoable) {
    if (previous.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("Your previous data was saved in:");
    Table table = new Table();
    new TreeMap<>(previous).forEach((c, path) -> table.row(c, path.toString()));
    table.lines("  ").forEach(lines::add);
    if (undoable) {
      lines.add("To go back: openmemory-backup undo");
    }
    lines.add("To free the space once all is well: openmemory-backup cleanup");
  }

  static String text(CleanupReport report, ZoneId zone) {
    Lines lines = new Lines();
    if (report.removed().isEmpty()) {
      lines.add("There is no previous data to delete.");
    } else {
      String done = report.dryRun() ? "Would delete " : "Deleted ";
      lines.add(done + SetAsideText.total(report.removed()) + ":");
      SetAsideText.lines(report.removed(), zone, "  ").forEach(lines::add);
    }
    if (!report.left().isEmpty()) {
      lines.add("Kept for an undo: " + SetAsideText.total(report.left()));
    }
    return lines.text();
  }
}
