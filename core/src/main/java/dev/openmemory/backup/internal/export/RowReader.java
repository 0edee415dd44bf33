package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.json.ExactJson;
import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.internal.sqlite.StoredId;
import dev.openmemory.backup.internal.sqlite.StoredTime;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads chosen rows, one after the other, as the objects that OpenMemory's own export has. */
record RowReader(
    Connection connection, Schema schema, Shortfalls shortfalls, Cancellation cancellation) {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** What becomes of a row. */
  interface Sink {
    void accept(ObjectNode row) throws SQLException, IOException;
  }

  /** Hands over the rows in the order in which they were made. */
  void each(Table table, Sink sink) throws SQLException, IOException {
    if (!schema.has(table, "id")) {
      return;
    }
    String columns =
        table.fields().stream().map(f -> select(table, f)).collect(Collectors.joining(", "));
    // CROSS JOIN keeps the order, so that nothing has to be sorted.
    String sql =
        Sql.of(
            "SELECT %s FROM %s t CROSS JOIN main.%s x ON x.rowid = t.source ORDER BY t.source",
            columns, table.chosen(), table.sqlName());
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        cancellation.check();
        sink.accept(read(table, rows));
      }
    }
  }

  private String select(Table table, Field field) {
    if (field.name().equals("id")) {
      return "t.id";
    }
    return field.sql(schema.has(table, field.name()) ? "x." + field.name() : "NULL");
  }

  private ObjectNode read(Table table, ResultSet rows) throws SQLException {
    ObjectNode row = NODES.objectNode();
    String id = rows.getString(1);
    int column = 0;
    for (Field field : table.fields()) {
      column++;
      String text = rows.getString(column);
      row.set(field.name(), text == null ? NODES.nullNode() : node(table, id, field, text));
    }
    return row;
  }

  private JsonNode node(Table table, String id, Field field, String text) {
    return switch (field.type()) {
      case ID -> NODES.stringNode(StoredId.dashed(text));
      case TEXT, STATE -> NODES.stringNode(text);
      case FLAG -> NODES.booleanNode(!text.equals("0"));
      case TIME ->
          orNull(StoredTime.iso(text).map(NODES::stringNode), table, id, field, "it is no time");
      case JSON -> orNull(json(text), table, id, field, "it is no valid JSON");
    };
  }

  private JsonNode orNull(
      Optional<? extends JsonNode> value, Table table, String id, Field field, String reason) {
    if (value.isEmpty()) {
      shortfalls.value(table.sqlName(), StoredId.dashed(id), field.name(), reason);
      return NODES.nullNode();
    }
    return value.get();
  }

  private static Optional<JsonNode> json(String text) {
    try {
      @Nullable JsonNode node = ExactJson.MAPPER.readTree(text);
      return Optional.ofNullable(node).filter(n -> !n.isMissingNode());
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
