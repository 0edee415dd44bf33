package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.internal.json.Json;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table with the values as SQLite has them. They are not in {@link #toString()}.
 *
 * @param values by column: text, number, null, or a map with the bytes of a blob in Base64
 */
record Row(Map<String, @Nullable Object> values) {
  private static final String BLOB = "base64";

  /** All rows that the statement gives. */
  static List<Row> all(PreparedStatement statement) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet found = statement.executeQuery()) {
      int columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 1; i <= columns; i++) {
          values.put(found.getMetaData().getColumnName(i), value(found.getObject(i)));
        }
        rows.add(new Row(values));
      }
    }
    return rows;
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return Map.of(BLOB, Base64.getEncoder().encodeToString(bytes));
    }
    return value instanceof Integer number ? (Object) number.longValue() : value;
  }

  static Row of(Object json) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    ((Map<?, ?>) json)
        .forEach(
            (name, value) ->
                values.put(
                    String.valueOf(name),
                    value instanceof Integer number ? (Object) number.longValue() : value));
    return new Row(values);
  }

  void bind(PreparedStatement statement, int from) throws SQLException {
    int index = from;
    for (Object value : values.values()) {
      bind(statement, index++, value);
    }
  }

  static void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    if (value instanceof Map<?, ?> blob) {
      statement.setBytes(index, Base64.getDecoder().decode(String.valueOf(blob.get(BLOB))));
    } else {
      statement.setObject(index, value);
    }
  }

  @Nullable Object value(String column) {
    return values.get(column);
  }

  Optional<String> text(String column) {
    return Optional.ofNullable(values.get(column)).map(String::valueOf);
  }

  /** The same with another value, which may be new. */
  Row with(String column, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
    changed.put(column, value);
    return new Row(changed);
  }

  /** The same without a value, when it has one. */
  Row only(Set<String> columns) {
    Map<String, @Nullable Object> some = new LinkedHashMap<>(values);
    some.keySet().retainAll(columns);
    return new Row(some);
  }

  /** The same text for equal values. */
  String canonical() {
    return Json.canonical(values);
  }

  @Override
  public String toString() {
    return "row of " + values.keySet();
  }
}
