package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.cli.advice.MigrationAdvice;
import dev.openmemory.backup.cli.output.MigrationText;
import dev.openmemory.backup.migration.MigrationReport;
import dev.openmemory.backup.migration.MigrationReport.Item;
import java.util.LinkedHashMap;
import java.util.Map;

/** A {@link MigrationReport} for programs. */
final class MigrationJson {
  private MigrationJson() {}

  static Map<String, Object> document(MigrationReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", report.name().value());
    document.put("home", report.home().toString());
    document.put("toDo", report.toDo().size());
    document.put("items", report.items().stream().map(MigrationJson::item).toList());
    return document;
  }

  private static Map<String, Object> item(Item item) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("subject", MigrationText.word(item.subject()));
    document.put("state", MigrationText.word(item.state()));
    document.put("found", item.found());
    document.put("names", item.names());
    MigrationAdvice.on(item).ifPresent(text -> document.put("remedy", text));
    return document;
  }
}
