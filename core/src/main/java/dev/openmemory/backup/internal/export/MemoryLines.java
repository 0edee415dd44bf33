package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.internal.json.ExactJson;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code memories.jsonl.gz}: a memory on each line, from which the import makes its vector. */
record MemoryLines(Connection connection, RowReader reader) {
  static final String NAME = "memories.jsonl.gz";

  private static final int BUFFER = 64 * 1024;

  /** Does not close the stream. */
  void writeTo(OutputStream out) throws SQLException, IOException {
    GZIPOutputStream gzip = new GZIPOutputStream(out, BUFFER);
    try (Lookup categories = Lookup.categoryNames(connection, reader.schema());
        Lookup app = Lookup.appName(connection, reader.schema())) {
      reader.each(
          Table.MEMORIES,
          memory -> {
            List<String> names = categories.of(memory.get("id").stringValue());
            @Nullable String appId = memory.get("app_id").stringValue(null);
            List<String> apps = appId == null ? List.of() : app.of(appId);
            gzip.write(ExactJson.MAPPER.writeValueAsBytes(line(memory, apps, names)));
            gzip.write('\n');
          });
    }
    gzip.finish();
  }

  private static ObjectNode line(ObjectNode memory, List<String> apps, List<String> categories) {
    ObjectNode line = ExactJson.MAPPER.createObjectNode();
    line.set("id", memory.get("id"));
    line.set("content", memory.get("content"));
    // Anything but an object would end the import.
    JsonNode metadata = memory.get("metadata");
    line.set("metadata", metadata.isObject() ? metadata : line.objectNode());
    line.set("created_at", memory.get("created_at"));
    line.set("updated_at", memory.get("updated_at"));
    line.set("state", memory.get("state"));
    line.put("app", apps.isEmpty() ? null : apps.get(0));
    categories.forEach(line.putArray("categories")::add);
    return line;
  }
}
