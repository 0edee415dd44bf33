package dev.openmemory.backup.internal.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The columns that a table has, whatever the case of their names; none when it is missing. Versions
 * of OpenMemory differ in them.
 */
public record TableColumns(Set<String> names) {
  /** Of a table that is missing. */
  public static final TableColumns NONE = new TableColumns(Set.of());

  /** Those of a table of the main database. */
  public static TableColumns of(Statement statement, String table) throws SQLException {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    String sql = "SELECT name FROM pragma_table_info('" + table + "', 'main')";
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return new TableColumns(names);
  }

  /** Whether all of them are there. */
  public boolean has(String... columns) {
    return names.containsAll(List.of(columns));
  }
}
