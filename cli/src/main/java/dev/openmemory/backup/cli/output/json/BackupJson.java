package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.verify.VerifyReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The JSON of a backup and of what all results have. */
final class BackupJson {
  private BackupJson() {}

  static Map<String, Object> summary(BackupSummary backup) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", backup.name().value());
    document.put("state", backup.state().name().toLowerCase(Locale.ROOT));
    document.put("created", backup.created().toString());
    document.put("storedBytes", backup.storedBytes());
    document.put("files", backup.files());
    backup
        .manifest()
        .ifPresent(
            m ->
                document.put(
                    "components", m.components().stream().map(Component::component).toList()));
    backup.problem().ifPresent(problem -> document.put("problem", problem));
    backup.proof().ifPresent(proof -> document.put("proven", proof(proof)));
    backup.pinned().ifPresent(since -> document.put("pinned", since.toString()));
    document.put("suspicious", backup.suspicious());
    return document;
  }

  /** As {@code docs/manifest.schema.json} has it. */
  static Map<String, Object> manifest(Manifest manifest) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("formatVersion", manifest.formatVersion());
    document.put("name", manifest.name());
    document.put(
        "tool", Map.of("name", manifest.tool().name(), "version", manifest.tool().version()));
    document.put("installationId", manifest.installationId());
    document.put(
        "captured",
        Map.of(
            "start", manifest.captured().start().toString(),
            "end", manifest.captured().end().toString()));
    document.put("quiesce", manifest.quiesce());
    document.put("components", manifest.components().stream().map(BackupJson::component).toList());
    document.put("files", manifest.files().stream().map(BackupJson::file).toList());
    document.put("warnings", warnings(manifest.warnings()));
    if (!manifest.tags().isEmpty()) {
      document.put("tags", List.copyOf(new TreeSet<>(manifest.tags())));
    }
    manifest
        .encryption()
        .ifPresent(
            how ->
                document.put(
                    "encryption", Map.of("scheme", how.scheme(), "recipients", how.recipients())));
    manifest.other().forEach(document::putIfAbsent);
    return document;
  }

  private static Map<String, Object> component(Component component) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("component", component.component());
    document.put("type", component.type());
    document.put("files", component.files());
    document.put("facts", component.facts().values());
    component.other().forEach(document::putIfAbsent);
    return document;
  }

  private static Map<String, Object> file(StoredFile file) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", file.name());
    document.put("plainName", file.plainName());
    document.put("mediaType", file.mediaType());
    document.put("codecs", file.codecs());
    if (file.plain().isKnown()) {
      document.put("plain", digest(file.plain()));
    }
    document.put("stored", digest(file.stored()));
    file.other().forEach(document::putIfAbsent);
    return document;
  }

  private static Map<String, Object> digest(Digest digest) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("size", digest.size());
    document.put("sha256", digest.sha256());
    return document;
  }

  static Map<String, Object> seen(Proof.Seen seen) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("by", seen.by());
    document.put("version", seen.version());
    document.put("points", seen.points());
    seen.matchedIds().ifPresent(ids -> document.put("matchedIds", ids));
    document.put("searched", seen.searched());
    return document;
  }

  private static Map<String, Object> proof(Proof proof) {
    Map<String, Object> document = seen(proof.seen());
    document.put("time", proof.time().toString());
    document.put("tool", Map.of("name", proof.tool().name(), "version", proof.tool().version()));
    return document;
  }

  /** Warnings as they are in all results. */
  static Map<String, Object> problem(VerifyReport.Problem problem) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("subject", problem.subject());
    document.put("message", problem.message());
    return document;
  }

  static List<Map<String, Object>> warnings(List<Warning> warnings) {
    return warnings.stream().map(BackupJson::warning).toList();
  }

  private static Map<String, Object> warning(Warning warning) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("code", warning.code());
    document.put("message", warning.message());
    return document;
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
