package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.cli.output.MemoryRenderer;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryDetails;
import dev.openmemory.backup.memories.MemoryHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Memories for programs; a list has one of them in each line. */
public record MemoriesJson(Supplier<Duration> age) implements MemoryRenderer {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Override
  public Optional<String> beforeList() {
    return Optional.of("{\"memories\":[");
  }

  @Override
  public String listed(Memory memory, boolean first) {
    return (first ? "" : ",") + MAPPER.writeValueAsString(document(memory));
  }

  @Override
  public String afterList(MemoriesReport report) {
    return "]," + MAPPER.writeValueAsString(document(report)).substring(1);
  }

  private Map<String, Object> document(MemoriesReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("backup", report.backup().value());
    document.put("found", report.found());
    document.put("present", report.memories());
    document.put("elapsedSeconds", BackupJson.seconds(age.get()));
    return document;
  }

  @Override
  public String details(MemoryDetails details) {
    Map<String, @Nullable Object> memory = document(details.memory());
    memory.put("changes", details.changes().stream().map(MemoriesJson::change).toList());
    memory.put("vector", details.vector().name().toLowerCase(Locale.ROOT));
    return text(Map.of("memory", memory));
  }

  private static Map<String, @Nullable Object> change(MemoryDetails.StateChange change) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("before", change.before());
    document.put("after", change.after());
    document.put("by", change.by().orElse(null));
    document.put("at", time(change.at()));
    return document;
  }

  @Override
  public String history(MemoryHistory history, boolean inFull) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", history.id());
    document.put("backups", history.entries().stream().map(MemoriesJson::entry).toList());
    document.put("warnings", BackupJson.warnings(history.unread()));
    document.put("elapsedSeconds", BackupJson.seconds(age.get()));
    return text(Map.of("history", document));
  }

  private static Map<String, @Nullable Object> entry(MemoryHistory.Entry entry) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("backup", entry.backup().value());
    document.put("created", entry.created().toString());
    document.put("change", entry.change().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    document.put("memory", entry.memory().map(MemoriesJson::document).orElse(null));
    return document;
  }

  @Override
  public String written(MemoriesReport report, String format, String file) {
    Map<String, Object> document = document(report);
    document.put("format", format);
    document.put("file", file);
    return text(Map.of("export", document));
  }

  static Map<String, @Nullable Object> document(Memory memory) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("id", memory.id());
    document.put("user", memory.user().orElse(null));
    document.put("app", memory.app().orElse(null));
    document.put("state", memory.state());
    document.put("text", memory.text());
    document.put("categories", memory.categories());
    document.put("metadata", memory.metadata().map(MemoriesJson::json).orElse(null));
    document.put("created", time(memory.created()));
    document.put("updated", time(memory.updated()));
    document.put("archived", time(memory.archived()));
    document.put("deleted", time(memory.deleted()));
    return document;
  }

  /** What is no JSON is a text. */
  private static Object json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      return text;
    }
  }

  private static @Nullable String time(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }

  private static String text(Map<String, ? extends @Nullable Object> document) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
  }
}
