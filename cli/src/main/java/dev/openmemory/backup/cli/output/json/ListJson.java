package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.cli.output.ListFacts;
import dev.openmemory.backup.cli.output.Listing;
import java.util.LinkedHashMap;
import java.util.Map;

/** A {@link Listing} for programs: always with all that {@code --long} shows. */
final class ListJson {
  private ListJson() {}

  static Map<String, Object> document(Listing listing) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("target", listing.target());
    document.put("present", listing.present());
    document.put("backups", listing.shown().stream().map(ListJson::backup).toList());
    document.put("storedBytes", listing.storedBytes());
    return document;
  }

  private static Map<String, Object> backup(BackupSummary backup) {
    Map<String, Object> document = BackupJson.summary(backup);
    backup.manifest().ifPresent(m -> facts(m, document));
    return document;
  }

  private static void facts(Manifest manifest, Map<String, Object> document) {
    document.put("captureSeconds", BackupJson.seconds(ListFacts.captureTime(manifest)));
    document.put("installationId", manifest.installationId());
    ListFacts.memories(manifest).ifPresent(states -> document.put("memories", states));
    ListFacts.points(manifest).ifPresent(points -> document.put("points", points));
    document.put(
        "tool", Map.of("name", manifest.tool().name(), "version", manifest.tool().version()));
    document.put("quiesce", manifest.quiesce());
  }
}
