package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.spi.optional.ExposesDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import org.sqlite.SQLiteConnection;

/**
 * The rows of OpenMemory's memories in a database file that does not change.
 *
 * @param location of the original, for messages
 */
public record Memories(Path file, String location) {
  /** Those of a captured database, until the capture is closed. */
  public static Memories of(ExposesDatabase captured) {
    return new Memories(captured.database(), captured.original());
  }

  /** Takes one row at a time. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Takes a row.
     *
     * @param id as OpenMemory wrote it: 32 hex digits as a rule
     * @param deleted whether OpenMemory shows it no more
     * @param user the id by which OpenMemory knows its owner; empty text when there is none
     */
    void row(String id, boolean deleted, String user) throws IOException;
  }

  /** Whether there are memories and users at all. */
  public boolean arePresent() throws IOException {
    return ask(
        statement -> {
          DatabaseFacts facts = new DatabaseFacts(statement);
          return facts.hasColumns("memories", "id", "state", "user_id")
              && facts.hasColumns("users", "id", "user_id");
        });
  }

  /** How many rows there are, deleted ones included; 0 when there is no such table. */
  public long count() throws IOException {
    return ask(
        statement -> {
          if (!new DatabaseFacts(statement).hasColumns("memories", "id")) {
            return 0L;
          }
          try (ResultSet result = statement.executeQuery("SELECT count(*) FROM memories")) {
            return result.next() ? result.getLong(1) : 0L;
          }
        });
  }

  /** All of them, in no order. */
  public void each(Rows rows, Cancellation cancellation) throws IOException {
    String sql =
        "SELECT "
            + StoredId.text("m.id")
            + ", m.state = 'deleted', coalesce(u.user_id, '') FROM memories m"
            + " LEFT JOIN users u ON u.id = m.user_id";
    ask(
        statement -> {
          try (ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
              cancellation.check();
              rows.row(
                  Objects.requireNonNullElse(result.getString(1), ""),
                  result.getBoolean(2),
                  result.getString(3));
            }
          }
          return true;
        });
  }

  /** Takes one text at a time. */
  @FunctionalInterface
  public interface Texts {
    /** Takes the id as OpenMemory wrote it, and the text of the memory. */
    void text(String id, String content) throws IOException;
  }

  /** The texts of memories that are not deleted, in no order. */
  public void texts(Texts texts, Cancellation cancellation) throws IOException {
    ask(
        statement -> {
          try (ResultSet result =
              statement.executeQuery(
                  "SELECT "
                      + StoredId.text("id")
                      + ", content FROM memories WHERE state <> 'deleted'")) {
            while (result.next()) {
              cancellation.check();
              texts.text(
                  Objects.requireNonNullElse(result.getString(1), ""),
                  Objects.requireNonNullElse(result.getString(2), ""));
            }
          }
          return true;
        });
  }

  /** The collection that the settings name which the web interface has changed. */
  public Optional<String> collection() throws IOException {
    return ask(statement -> new DatabaseFacts(statement).mainSettings())
        .flatMap(ConfigDocument::collection);
  }

  private interface Question<T> {
    T ask(Statement statement) throws SQLException, IOException;
  }

  private <T> T ask(Question<T> question) throws IOException {
    try (SQLiteConnection connection = Connections.immutable(file);
        Statement statement = connection.createStatement()) {
      return question.ask(statement);
    } catch (SQLException e) {
      throw SqliteFailure.of("read memories", location, e);
    }
  }
}
