package dev.openmemory.backup.sample;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** Memories of a sample's database. */
public record MemoryRows(Path database) {

  /** The ids of the rows that are not deleted, as Qdrant writes them. */
  public SortedSet<String> ids() throws SQLException {
    SortedSet<String> ids = new TreeSet<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT id FROM memories WHERE state <> 'deleted'")) {
      while (rows.next()) {
        ids.add(dashed(rows.getString(1)));
      }
    }
    return ids;
  }

  /** Adds a copy of some memory under an id. */
  public void add(UUID id) throws SQLException {
    String sql =
        "INSERT INTO memories (id, user_id, app_id, content, state, created_at, updated_at)"
            + " SELECT ?, user_id, app_id, content, 'active', created_at, updated_at"
            + " FROM memories WHERE state = 'active' LIMIT 1";
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id.toString().replace("-", ""));
      statement.executeUpdate();
    }
  }

  /** Adds so many deleted memories, which need no points. */
  public void addDeleted(int count) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
              + count
              + ") INSERT INTO memories (id, user_id, app_id, content, state, created_at, updated_at)"
              + " SELECT printf('dddd%028x', i), user_id, app_id, '', 'deleted', '', '' FROM n,"
              + " (SELECT user_id, app_id FROM memories LIMIT 1)");
    }
  }

  public void setState(String dashedId, String state) throws SQLException {
    String sql = "UPDATE memories SET state = ? WHERE id = ?";
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, state);
      statement.setString(2, dashedId.replace("-", ""));
      if (statement.executeUpdate() != 1) {
        throw new AssertionError("no memory " + dashedId);
      }
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database + "?busy_timeout=10000");
  }

  public static String dashed(String id) {
    return id.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }
}
