package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.internal.sqlite.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table of one of two databases.
 *
 * @param schema of the connection that it is in
 * @param columns without computed ones
 * @param key the columns of its primary key; may be empty
 * @param hasRowids whether its rows can be distinguished by {@code rowid}
 */
record TableShape(
    String schema, String name, List<String> columns, List<String> key, boolean hasRowids) {

  /** Virtual tables are left out, as their modules need not exist here, and so are views. */
  private static final String COLUMNS =
      "SELECT l.name, l.wr, c.name, c.pk FROM pragma_table_list l"
          + " CROSS JOIN pragma_table_info(l.name, l.schema) c"
          + " WHERE l.schema = ? AND l.type IN ('table', 'shadow')"
          + " AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name, c.cid";

  /** The tables of a schema, by their names, in which case does not matter. */
  static Map<String, TableShape> in(Connection connection, String schema) throws SQLException {
    Map<String, TableShape> tables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, schema);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String name = rows.getString(1);
          boolean rowids = !rows.getBoolean(2);
          TableShape table =
              tables.computeIfAbsent(
                  name,
                  n -> new TableShape(schema, n, new ArrayList<>(), new ArrayList<>(), rowids));
          table.columns.add(rows.getString(3));
          if (rows.getInt(4) > 0) {
            table.key.add(rows.getString(3));
          }
        }
      }
    }
    return tables;
  }

  String sql() {
    return schema + "." + Sql.quoted(name);
  }

  boolean has(String column) {
    return columns.stream().anyMatch(column::equalsIgnoreCase);
  }

  /** The columns that the other one has too. */
  List<String> shared(TableShape other) {
    return columns.stream().filter(other::has).toList();
  }

  /** The columns that the other one lacks. */
  List<String> beyond(TableShape other) {
    return columns.stream().filter(column -> !other.has(column)).toList();
  }

  boolean hasKeyOf(TableShape other) {
    return key.size() == other.key.size()
        && key.stream().allMatch(column -> other.key.stream().anyMatch(column::equalsIgnoreCase));
  }

  /** Whether a row can be found again by its rowid, and not by a column of that name. */
  boolean findsRows() {
    return hasRowids && !has("rowid");
  }

  /** How many rows it has. */
  long rows(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + sql())) {
      row.next();
      return row.getLong(1);
    }
  }
}
