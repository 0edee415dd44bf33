package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.internal.json.ExactJson;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.memories.Memory;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** One JSON object in each line. */
record JsonLinesWriter(Writer out, Optional<Points> points) implements MemoryWriter {
  /** What the vector store has of memories. */
  interface Points {
    Optional<WholePoint> find(UUID id) throws IOException;
  }

  @Override
  public void begin() {}

  @Override
  public void take(Memory memory) throws IOException {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("id", memory.id());
    line.put("user", memory.user().orElse(null));
    line.put("app", memory.app().orElse(null));
    line.put("state", memory.state());
    line.put("text", memory.text());
    line.put("categories", memory.categories());
    line.put("metadata", memory.metadata().map(JsonLinesWriter::json).orElse(null));
    line.put("created", time(memory.created()));
    line.put("updated", time(memory.updated()));
    line.put("archived", time(memory.archived()));
    line.put("deleted", time(memory.deleted()));
    if (points.isPresent()) {
      line.put("point", point(memory.id()));
    }
    out.write(ExactJson.MAPPER.writeValueAsString(line));
    out.write('\n');
  }

  /** An id that is no UUID has no point. */
  private @Nullable Object point(String id) throws IOException {
    try {
      return points
          .orElseThrow()
          .find(UUID.fromString(id))
          .map(
              found ->
                  Map.of("payload", found.payload(), "vector", found.vector().orElse(Map.of())))
          .orElse(null);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String time(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }

  /** What is no JSON is a text. */
  private static Object json(String text) {
    try {
      return ExactJson.MAPPER.readTree(text);
    } catch (JacksonException e) {
      return text;
    }
  }

  @Override
  public void end() {}
}
