package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneReport.Decision;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A {@link PruneReport} for programs. */
final class PruneJson {
  private PruneJson() {}

  static Map<String, Object> document(PruneReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("target", report.location());
    document.put("dryRun", report.dryRun());
    document.put("timeZone", report.zone().getId());
    document.put("backups", report.decisions().stream().map(PruneJson::decision).toList());
    document.put("warnings", BackupJson.warnings(report.warnings()));
    document.put("elapsedSeconds", report.elapsed().toMillis() / 1000.0);
    return document;
  }

  private static Map<String, Object> decision(Decision decision) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", decision.name().value());
    decision.installationId().ifPresent(id -> document.put("installationId", id));
    document.put("created", decision.created().toString());
    document.put("storedBytes", decision.storedBytes());
    document.put("outcome", decision.outcome().name().toLowerCase(Locale.ROOT));
    document.put("reasons", decision.reasons());
    return document;
  }
}
