package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncReport.Synced;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Of a sync. */
final class SyncJson {
  private SyncJson() {}

  static Map<String, Object> document(SyncReport report, Duration took) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("source", report.source());
    document.put("destination", report.destination());
    document.put("dryRun", report.dryRun());
    document.put("backups", report.backups().stream().map(SyncJson::synced).toList());
    document.put("sentBytes", report.sentBytes());
    document.put("receivedBytes", report.receivedBytes());
    document.put("totalBytes", report.totalBytes());
    report.speedUp().ifPresent(factor -> document.put("speedUp", factor));
    document.put("warnings", BackupJson.warnings(report.warnings()));
    document.put("elapsedSeconds", BackupJson.seconds(took));
    return document;
  }

  private static Map<String, Object> synced(Synced backup) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", backup.name().value());
    document.put("outcome", backup.outcome().name().toLowerCase(Locale.ROOT));
    document.put("files", backup.files());
    document.put("bytes", backup.bytes());
    document.put("detail", backup.detail());
    return document;
  }
}
