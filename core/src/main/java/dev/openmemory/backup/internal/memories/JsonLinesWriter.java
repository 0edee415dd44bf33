package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.internal.json.ExactJson;
import dev.openmemory.backup.memories.Memory;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** One JSON object in each line. */
record JsonLinesWriter(Writer out) implements MemoryWriter {
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
    out.write(ExactJson.MAPPER.writeValueAsString(line));
    out.write('\n');
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
