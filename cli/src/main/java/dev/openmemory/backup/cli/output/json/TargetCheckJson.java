package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.targetcheck.TargetCheckReport;
import dev.openmemory.backup.targetcheck.TargetCheckReport.Finding;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A {@link TargetCheckReport} for programs. */
final class TargetCheckJson {
  private TargetCheckJson() {}

  static Map<String, Object> document(TargetCheckReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("location", report.location());
    document.put("access", report.access());
    document.put("verdict", word(report.verdict()));
    document.put("duties", report.findings().stream().map(TargetCheckJson::finding).toList());
    document.put("left", report.left());
    document.put("elapsedSeconds", BackupJson.seconds(report.elapsed()));
    return document;
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("duty", finding.duty());
    document.put("subject", finding.subject());
    document.put("outcome", word(finding.outcome()));
    document.put("seen", finding.seen());
    document.put("meaning", finding.meaning());
    return document;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
