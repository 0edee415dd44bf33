package dev.openmemory.backup.cli.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Two SQLite databases, each row of each table and the schema held against the other.
 *
 * @param tables compared
 * @param rows in the expected database
 * @param differences empty when both hold the same
 */
record DatabaseComparison(int tables, long rows, List<String> differences) {
  private static final String DATABASE = "DATABASE";
  private static final String SCHEMA =
      "SELECT type, name, tbl_name, sql FROM " + DATABASE + ".sqlite_master";

  DatabaseComparison {
    differences = List.copyOf(differences);
  }

  /** Compares them; neither is changed. */
  static DatabaseComparison of(Path expected, Path actual) throws SQLException {
    try (Connection connection = DemoDatabase.openReadOnly(actual)) {
      try (PreparedStatement attach =
          connection.prepareStatement("ATTACH DATABASE ? AS expected")) {
        attach.setString(1, expected.toString());
        attach.execute();
      }
      List<String> differences = new ArrayList<>();
      compare(connection, "schema", SCHEMA, differences);
      List<String> tables =
          column(connection, "SELECT name FROM expected.sqlite_master WHERE type = 'table'");
      long rows = 0;
      if (differences.isEmpty()) {
        for (String table : tables) {
          rows += number(connection, "SELECT count(*) FROM expected." + table);
          compare(connection, table, "SELECT * FROM " + DATABASE + "." + table, differences);
        }
      }
      return new DatabaseComparison(tables.size(), rows, differences);
    }
  }

  /** What SQLite finds wrong with the file; empty when it is sound. */
  static List<String> integrityProblems(Path file) {
    try (Connection connection = DemoDatabase.openReadOnly(file)) {
      List<String> findings = column(connection, "PRAGMA integrity_check");
      return findings.equals(List.of("ok")) ? List.of() : findings;
    } catch (SQLException e) {
      // Some damage ends the check itself.
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /** Every table has a primary key, so sets of rows that are equal are tables that are equal. */
  private static void compare(
      Connection connection, String subject, String select, List<String> differences)
      throws SQLException {
    String wanted = select.replace(DATABASE, "expected");
    String found = select.replace(DATABASE, "main");
    note(connection, subject, "missing or different", wanted + " EXCEPT " + found, differences);
    note(connection, subject, "different or too many", found + " EXCEPT " + wanted, differences);
  }

  private static void note(
      Connection connection, String subject, String how, String query, List<String> differences)
      throws SQLException {
    List<String> keys = column(connection, query);
    if (!keys.isEmpty()) {
      differences.add(subject + ": " + keys.size() + " " + how + ", such as " + keys.get(0));
    }
  }

  private static List<String> column(Connection connection, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        values.add(result.getString(1));
      }
    }
    return values;
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.getLong(1);
    }
  }
}
