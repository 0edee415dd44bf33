package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.secrets.LiteralKeys;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads from a database what the manifest says about it. Tables of OpenMemory may be missing. */
record DatabaseFacts(Statement statement) {
  private static final JsonMapper JSON = new JsonMapper();

  Map<String, Object> read() throws SQLException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("pageSize", number("PRAGMA page_size"));
    facts.put("pageCount", number("PRAGMA page_count"));
    facts.put("tables", rowsByTable());
    if (hasColumns("memories", "state")) {
      facts.put("memories", memoriesByState());
    }
    if (hasColumns("users", "user_id")) {
      facts.put("users", texts("SELECT user_id FROM users WHERE user_id NOT NULL ORDER BY 1"));
    }
    if (hasColumns("alembic_version", "version_num")) {
      List<String> heads = texts("SELECT version_num FROM alembic_version ORDER BY 1");
      if (!heads.isEmpty()) {
        facts.put("alembicRevision", String.join(",", heads));
      }
    }
    Map<String, Object> settings = mainSettings().map(ConfigDocument::settings).orElse(Map.of());
    if (!settings.isEmpty()) {
      facts.put("settings", settings);
    }
    return facts;
  }

  /** The settings that the web interface changes, if there are any. */
  Optional<ConfigDocument> mainSettings() throws SQLException {
    if (!hasColumns("configs", "key", "value")) {
      return Optional.empty();
    }
    return texts("SELECT value FROM configs WHERE key = 'main' AND value NOT NULL").stream()
        .findFirst()
        .map(text -> ConfigDocument.parse(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Warns of each literal secret in OpenMemory's settings. */
  void warnOfLiteralKeys(Consumer<Warning> warnings) throws SQLException {
    if (!hasColumns("configs", "key", "value")) {
      return;
    }
    try (ResultSet rows = statement.executeQuery("SELECT key, value FROM configs ORDER BY 1")) {
      while (rows.next()) {
        String value = rows.getString(2);
        if (value != null) {
          warnOf("table configs, key " + rows.getString(1), value, warnings);
        }
      }
    }
  }

  private static void warnOf(String document, String json, Consumer<Warning> warnings) {
    try {
      for (String place : LiteralKeys.in(JSON.readTree(json))) {
        warnings.accept(LiteralKeys.warning(document, place));
      }
    } catch (JacksonException e) {
      warnings.accept(new Warning("config-not-json", document + " is not valid JSON"));
    }
  }

  private Map<String, Object> rowsByTable() throws SQLException {
    // Virtual tables are left out: their modules need not exist here. Shadow tables are counted.
    List<String> tables =
        texts(
            "SELECT name FROM pragma_table_list WHERE schema = 'main'"
                + " AND type IN ('table', 'shadow') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                + " ORDER BY name");
    Map<String, Object> rows = new LinkedHashMap<>();
    for (String table : tables) {
      rows.put(table, number("SELECT count(*) FROM " + Sql.quoted(table)));
    }
    return rows;
  }

  private Map<String, Object> memoriesByState() throws SQLException {
    Map<String, Object> states = new LinkedHashMap<>();
    String sql = "SELECT coalesce(state, 'null'), count(*) FROM memories GROUP BY 1 ORDER BY 1";
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        states.put(rows.getString(1), rows.getLong(2));
      }
    }
    return states;
  }

  boolean hasColumns(String table, String... columns) throws SQLException {
    return TableColumns.of(statement, table).has(columns);
  }

  private long number(String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
