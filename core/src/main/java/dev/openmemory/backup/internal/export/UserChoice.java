package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.sqlite.StoredId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConnection;

/**
 * The user of the exported memories.
 *
 * @param row the rowid in {@code users}
 * @param userId the text by which OpenMemory knows the user
 */
record UserChoice(long row, String userId) {
  private static final int NAMED = 20;

  /**
   * The user of that id, or the only one who has memories.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is none, {@code INVALID} when one
   *     has to be named; both name those there are
   */
  static UserChoice of(SQLiteConnection connection, Optional<String> wanted, String location)
      throws SQLException, BackupException {
    List<String> withMemories = withMemories(connection);
    if (wanted.isEmpty() && withMemories.size() > 1) {
      throw Kind.INVALID.failure(
          "choose user", location, "there are memories of " + named(withMemories));
    }
    if (wanted.isEmpty() && withMemories.isEmpty()) {
      throw Kind.NOT_FOUND.failure("choose user", location, "no user has memories");
    }
    String userId = wanted.orElseGet(() -> withMemories.get(0));
    String sql = "SELECT rowid FROM main.users WHERE user_id = ? ORDER BY rowid LIMIT 1";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, userId);
      try (ResultSet found = statement.executeQuery()) {
        if (found.next()) {
          return new UserChoice(found.getLong(1), userId);
        }
      }
    }
    throw Kind.NOT_FOUND.failure(
        "choose user",
        location,
        "there is no user '" + userId + "'; the users are: " + named(all(connection)));
  }

  private static List<String> withMemories(SQLiteConnection connection) throws SQLException {
    return texts(
        connection,
        "SELECT DISTINCT user_id FROM main.users WHERE user_id NOT NULL AND "
            + StoredId.sql("id")
            + " IN (SELECT "
            + StoredId.sql("user_id")
            + " FROM main.memories) ORDER BY 1");
  }

  private static List<String> all(SQLiteConnection connection) throws SQLException {
    return texts(
        connection, "SELECT DISTINCT user_id FROM main.users WHERE user_id NOT NULL ORDER BY 1");
  }

  private static List<String> texts(SQLiteConnection connection, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  private static String named(List<String> users) {
    if (users.isEmpty()) {
      return "none";
    }
    String some = String.join(", ", users.subList(0, Math.min(NAMED, users.size())));
    return users.size() > NAMED ? some + " and " + (users.size() - NAMED) + " more" : some;
  }
}
