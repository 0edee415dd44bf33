package dev.openmemory.backup.sample;

import dev.openmemory.backup.sample.OpenMemoryImport.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A database of OpenMemory that is changed and read by plain SQL. */
public record MemoriesDatabase(Path file) {
  private static final JsonMapper JSON = new JsonMapper();

  /** The tables of a real one, without rows. */
  public static MemoriesDatabase emptied(Path file) throws IOException, SQLException {
    SampleInstallation.copy("api/openmemory.db", file);
    MemoriesDatabase database = new MemoriesDatabase(file);
    for (String table : Rows.of(file).keySet()) {
      database.run("DELETE FROM \"" + table + "\"");
    }
    return database;
  }

  public MemoriesDatabase run(String... statements) throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = db.createStatement()) {
      for (String statement : statements) {
        sql.executeUpdate(statement);
      }
    }
    return this;
  }

  /** That many memories, of three users, in every state, with categories and history. */
  public MemoriesDatabase filled(int memories) throws SQLException {
    String numbers =
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < "
            + memories
            + ") ";
    for (int user = 0; user < 3; user++) {
      String id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" + user;
      run(
          String.format(
              Locale.ROOT,
              "INSERT INTO users (id, user_id, metadata) VALUES ('%s', 'user%d', '{}')",
              id,
              user),
          String.format(
              Locale.ROOT,
              "INSERT INTO apps (id, owner_id, name, is_active) VALUES ('b%s', '%s', 'app%d', 1)",
              id.substring(1),
              id,
              user));
    }
    return run(
        "INSERT INTO categories (id, name) VALUES"
            + " ('cccccccccccccccccccccccccccccc00', 'Arbeit & Spaß'),"
            + " ('cccccccccccccccccccccccccccccc01', '旅行'),"
            + " ('cccccccccccccccccccccccccccccc02', 'without an owner')",
        numbers
            + "INSERT INTO memories (id, user_id, app_id, content, metadata, state, created_at,"
            + " updated_at, archived_at, deleted_at) SELECT printf('abcdef%026x', i),"
            + " 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' || (i % 3),"
            + " 'baaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' || (i % 3),"
            + " 'memory ' || i || ' – Ünïcödé \u65e5\u672c \ud83d\ude00 \"quoted\" \\' || char(10),"
            + " json_object('n', i, 'f', 1.50, 'text', 'ß'),"
            + " CASE i % 4 WHEN 0 THEN 'active' WHEN 1 THEN 'paused' WHEN 2 THEN 'archived'"
            + " ELSE 'deleted' END,"
            + " datetime(1700000000 + i, 'unixepoch') || printf('.%06d', i),"
            + " datetime(1700000000 + i * 2, 'unixepoch'),"
            + " CASE i % 4 WHEN 2 THEN '2025-01-02 03:04:05.123456' END,"
            + " CASE i % 4 WHEN 3 THEN '2025-01-02 03:04:05.100000' END FROM n",
        numbers
            + "INSERT INTO memory_categories SELECT printf('abcdef%026x', i),"
            + " 'cccccccccccccccccccccccccccccc0' || (i % 2) FROM n WHERE i % 5 > 0",
        numbers
            + "INSERT INTO memory_status_history SELECT printf('fedcba%026x', i),"
            + " printf('abcdef%026x', i), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' || (i % 3), 'deleted',"
            + " 'active', '2025-01-02 03:04:05.000001' FROM n");
  }

  /** What the user has, as the import should leave it. */
  public Map<UUID, Memory> memoriesOf(String user) throws SQLException {
    Map<UUID, Memory> memories = new LinkedHashMap<>();
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = db.createStatement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT m.*, (SELECT json_group_array(c.name) FROM memory_categories l"
                    + " JOIN categories c ON c.id = l.category_id WHERE l.memory_id = m.id) AS cats"
                    + " FROM memories m JOIN users u ON u.id = m.user_id WHERE u.user_id = '"
                    + user
                    + "'")) {
      while (rows.next()) {
        Set<String> categories = new TreeSet<>();
        JSON.readTree(rows.getString("cats")).forEach(name -> categories.add(name.stringValue()));
        memories.put(
            uuid(rows.getString("id")),
            new Memory(
                rows.getString("content"),
                json(rows.getString("metadata")),
                rows.getString("state"),
                time(rows.getString("created_at")),
                time(rows.getString("updated_at")),
                time(rows.getString("archived_at")),
                time(rows.getString("deleted_at")),
                categories));
      }
    }
    return memories;
  }

  public static UUID uuid(String digits) {
    return UUID.fromString(
        digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }

  private static JsonNode json(String text) {
    return text == null ? JSON.createObjectNode() : JSON.readTree(text);
  }

  private static Optional<Instant> time(String text) {
    return Optional.ofNullable(text)
        .map(t -> LocalDateTime.parse(t.replace(' ', 'T')).toInstant(ZoneOffset.UTC));
  }
}
