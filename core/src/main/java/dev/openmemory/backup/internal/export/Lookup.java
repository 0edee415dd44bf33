package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.internal.sqlite.StoredId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What hangs from one row, for one row after the other. */
record Lookup(PreparedStatement statement) implements AutoCloseable {
  private static final String NOTHING = "SELECT NULL WHERE ? IS NULL AND false";

  /** The ids of a memory's categories, as digits. */
  static Lookup categoryIds(Connection connection) throws SQLException {
    return new Lookup(
        connection.prepareStatement(
            "SELECT category FROM " + Selection.LINKS + " WHERE memory = ? ORDER BY category"));
  }

  /** The names of a memory's categories. */
  static Lookup categoryNames(Connection connection, Schema schema) throws SQLException {
    String sql =
        "SELECT c.name FROM %s l JOIN %s t ON t.id = l.category"
            + " JOIN main.categories c ON c.rowid = t.source"
            + " WHERE l.memory = ? ORDER BY l.category";
    return new Lookup(
        connection.prepareStatement(
            schema.linksCategories()
                ? Sql.of(sql, Selection.LINKS, Table.CATEGORIES.chosen())
                : NOTHING));
  }

  /** The name of an app, unless it is exported without one. */
  static Lookup appName(Connection connection, Schema schema) throws SQLException {
    String sql =
        "SELECT a.name FROM %s t JOIN main.apps a ON a.rowid = t.source"
            + " WHERE t.id = ? AND a.name NOT NULL";
    return new Lookup(
        connection.prepareStatement(
            schema.has(Table.APPS, "id", "name") ? Sql.of(sql, Table.APPS.chosen()) : NOTHING));
  }

  /**
   * What hangs from the row.
   *
   * @param id with or without dashes
   */
  List<String> of(String id) throws SQLException {
    statement.setString(1, StoredId.digits(id));
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
