package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.internal.export.RowReader.Sink;
import dev.openmemory.backup.internal.json.ExactJson;
import dev.openmemory.backup.internal.sqlite.StoredId;
import dev.openmemory.backup.internal.sqlite.StoredTime;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code memories.json}: the rows by table.
 *
 * @param generated said to be the time of the export
 */
record MemoriesDocument(Connection connection, RowReader reader, Instant generated) {
  static final String NAME = "memories.json";

  private static final String VERSION = "1";

  /** Does not close the stream. */
  void writeTo(OutputStream out) throws SQLException, IOException {
    try (JsonGenerator json = ExactJson.INDENTED.createGenerator(out)) {
      json.writeStartObject();
      json.writeName("user");
      reader.each(Table.USERS, json::writePOJO);
      array(json, "apps", sink -> reader.each(Table.APPS, sink));
      array(json, "categories", sink -> reader.each(Table.CATEGORIES, sink));
      array(json, "memories", this::memories);
      array(json, "memory_categories", this::links);
      array(json, "status_history", sink -> reader.each(Table.MEMORY_STATUS_HISTORY, sink));
      array(json, "access_controls", sink -> reader.each(Table.ACCESS_CONTROLS, sink));
      json.writePOJOProperty("export_meta", meta());
      json.writeEndObject();
    }
  }

  private interface Rows {
    void into(Sink sink) throws SQLException, IOException;
  }

  private static void array(JsonGenerator json, String name, Rows rows)
      throws SQLException, IOException {
    json.writeName(name);
    json.writeStartArray();
    rows.into(json::writePOJO);
    json.writeEndArray();
  }

  private void memories(Sink sink) throws SQLException, IOException {
    try (Lookup categories = Lookup.categoryIds(connection)) {
      reader.each(
          Table.MEMORIES,
          memory -> {
            ArrayNode ids = memory.putArray("category_ids");
            for (String id : categories.of(memory.get("id").stringValue())) {
              ids.add(StoredId.dashed(id));
            }
            sink.accept(memory);
          });
    }
  }

  private void links(Sink sink) throws SQLException, IOException {
    String sql = "SELECT memory, category FROM " + Selection.LINKS + " ORDER BY memory, category";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        ObjectNode link = ExactJson.MAPPER.createObjectNode();
        link.put("memory_id", StoredId.dashed(rows.getString(1)));
        link.put("category_id", StoredId.dashed(rows.getString(2)));
        sink.accept(link);
      }
    }
  }

  private ObjectNode meta() {
    ObjectNode meta = ExactJson.MAPPER.createObjectNode();
    meta.putNull("app_id_filter");
    meta.putNull("from_date");
    meta.putNull("to_date");
    meta.put("version", VERSION);
    meta.put("generated_at", StoredTime.iso(generated));
    return meta;
  }
}
