package dev.openmemory.backup.sample;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays OpenMemory's import into an empty installation by the rules of its API: what would make it
 * answer with an error fails here, and what it would pass over is missing from the result.
 */
public final class OpenMemoryImport {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> STATES = Set.of("active", "paused", "archived", "deleted");

  /** A memory as it is after the import; times are absent where the import takes its own. */
  public record Memory(
      String content,
      JsonNode metadata,
      String state,
      Optional<Instant> created,
      Optional<Instant> updated,
      Optional<Instant> archived,
      Optional<Instant> deleted,
      Set<String> categories) {}

  /** A change of state. */
  public record Change(UUID memory, String from, String to, Optional<Instant> at) {}

  /** What a vector is made of. */
  public record Vector(String content, JsonNode metadata) {}

  public final Map<UUID, Memory> memories = new LinkedHashMap<>();
  public final Map<UUID, Change> history = new LinkedHashMap<>();
  public final Map<UUID, Vector> vectors = new LinkedHashMap<>();

  public static OpenMemoryImport of(Path zip) throws IOException {
    OpenMemoryImport played = new OpenMemoryImport();
    played.documents(JSON.readTree(member(zip, "memories.json").orElseThrow()));
    played.lines(member(zip, "memories.jsonl.gz").orElseThrow());
    return played;
  }

  /** The first member of that name, in whatever folder. */
  public static Optional<byte[]> member(Path zip, String name) throws IOException {
    try (ZipFile archive = new ZipFile(zip.toFile())) {
      Optional<? extends ZipEntry> entry =
          archive.stream()
              .filter(e -> !e.isDirectory() && ("/" + e.getName()).endsWith("/" + name))
              .findFirst();
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      try (InputStream in = archive.getInputStream(entry.get())) {
        return Optional.of(in.readAllBytes());
      }
    }
  }

  private void documents(JsonNode document) {
    Map<String, String> categories = new HashMap<>();
    for (JsonNode category : document.path("categories")) {
      categories.put(category.required("id").stringValue(), required(category, "name"));
    }
    for (JsonNode memory : document.path("memories")) {
      memories.put(UUID.fromString(required(memory, "id")), memory(memory));
    }
    for (JsonNode link : document.path("memory_categories")) {
      Memory memory = memories.get(UUID.fromString(required(link, "memory_id")));
      String category = categories.get(required(link, "category_id"));
      if (memory != null && category != null) {
        memory.categories().add(category);
      }
    }
    for (JsonNode change : document.path("status_history")) {
      history.put(
          UUID.fromString(required(change, "id")),
          new Change(
              UUID.fromString(required(change, "memory_id")),
              state(change.path("old_state")),
              state(change.path("new_state")),
              time(change, "changed_at")));
    }
  }

  private static Memory memory(JsonNode memory) {
    JsonNode metadata = memory.path("metadata");
    return new Memory(
        text(memory.path("content")),
        metadata.isNull() ? JSON.createObjectNode() : metadata,
        memory.path("state").isNull() ? "active" : state(memory.path("state")),
        time(memory, "created_at"),
        time(memory, "updated_at"),
        time(memory, "archived_at"),
        time(memory, "deleted_at"),
        new TreeSet<>());
  }

  private void lines(byte[] gzip) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(gzip)), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    }
    for (String line : lines) {
      JsonNode record = JSON.readTree(line);
      JsonNode metadata = record.path("metadata");
      if (!metadata.isObject()) {
        throw new AssertionError("the payload is made from an object, not from " + metadata);
      }
      vectors.put(
          UUID.fromString(required(record, "id")),
          new Vector(text(record.path("content")), metadata));
    }
  }

  private static String state(JsonNode node) {
    if (!STATES.contains(node.stringValue())) {
      throw new AssertionError("the import ends at state " + node);
    }
    return node.stringValue();
  }

  private static Optional<Instant> time(JsonNode row, String name) {
    String text = row.path(name).stringValue("");
    return text.isEmpty() ? Optional.empty() : Optional.of(OffsetDateTime.parse(text).toInstant());
  }

  private static String required(JsonNode row, String name) {
    return row.required(name).stringValue();
  }

  private static String text(JsonNode node) {
    return node.stringValue("");
  }
}
