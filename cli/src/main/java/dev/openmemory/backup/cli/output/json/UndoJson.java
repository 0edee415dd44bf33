package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.cli.output.SetAsideText;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.UndoReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Of an undo and of a cleanup. */
final class UndoJson {
  private UndoJson() {}

  static Map<String, Object> document(UndoReport report, Duration took) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("backup", report.backup().value());
    document.put("created", report.created().toString());
    document.put("setAside", report.setAside().toString());
    document.put("again", report.again());
    document.put("dryRun", report.dryRun());
    document.put("places", report.places());
    Map<String, Object> previous = new LinkedHashMap<>();
    report.previous().forEach((component, path) -> previous.put(component, path.toString()));
    document.put("previous", previous);
    document.put("warnings", BackupJson.warnings(report.warnings()));
    document.put("elapsedSeconds", BackupJson.seconds(took));
    return document;
  }

  static Map<String, Object> document(CleanupReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("dryRun", report.dryRun());
    document.put("removed", SetAsideText.document(report.removed()));
    document.put("left", SetAsideText.document(report.left()));
    document.put("bytes", report.bytes());
    return document;
  }
}
