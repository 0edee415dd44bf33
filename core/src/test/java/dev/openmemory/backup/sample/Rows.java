package dev.openmemory.backup.sample;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All rows of a database by table, comparable. Files of equal rows may differ in counters of the
 * header.
 */
public final class Rows {
  private Rows() {}

  public static Map<String, List<String>> of(Path database) throws SQLException {
    Map<String, List<String>> tables = new TreeMap<>();
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement sql = db.createStatement()) {
      List<String> names = column(sql, "SELECT name FROM sqlite_schema WHERE type = 'table'");
      for (String name : names) {
        tables.put(name, rows(sql, name));
      }
    }
    return tables;
  }

  private static List<String> rows(Statement sql, String table) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = sql.executeQuery("SELECT * FROM \"" + table + "\"")) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(result.getString(i)).append('|');
        }
        rows.add(row.toString());
      }
    }
    Collections.sort(rows);
    return rows;
  }

  private static List<String> column(Statement sql, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet result = sql.executeQuery(query)) {
      while (result.next()) {
        values.add(result.getString(1));
      }
    }
    return values;
  }
}
