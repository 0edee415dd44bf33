package dev.openmemory.backup.internal.diff;

import dev.openmemory.backup.diff.BackupDiff.Settings;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.sqlite.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Compares the settings that the web interface keeps in the database: JSON by key. */
record ConfigsDifference(Statement statement, TableShape before, TableShape after, int named) {
  static final String TABLE = "configs";

  private static final JsonNode NOTHING = JsonNodeFactory.instance.nullNode();

  /** Empty when nothing is different, or not both tables are OpenMemory's. */
  Optional<Settings> find() throws SQLException {
    if (!isOurs(before) || !isOurs(after)) {
      return Optional.empty();
    }
    SettingsDifference difference = new SettingsDifference("table " + TABLE, named);
    try (ResultSet rows = statement.executeQuery(differentRows())) {
      while (rows.next()) {
        String key = Optional.ofNullable(rows.getString(2)).orElse("null");
        switch (rows.getInt(1)) {
          case -1 -> difference.removed(key, node(rows.getString(3)));
          case 1 -> difference.added(key, node(rows.getString(4)));
          default -> compare(difference, key, rows.getString(3), rows.getString(4));
        }
      }
    }
    return difference.found();
  }

  private static boolean isOurs(TableShape table) {
    return table.has("key") && table.has("value");
  }

  /** Which side alone has the row (0: none), its key, and both values. */
  private String differentRows() {
    return Sql.of(
        "SELECT 0, a.key, %1$s, %2$s FROM %3$s a JOIN %4$s b ON b.key = a.key"
            + " WHERE a.value IS NOT b.value COLLATE BINARY"
            + " UNION ALL SELECT -1, a.key, %1$s, NULL FROM %3$s a"
            + " WHERE NOT EXISTS (SELECT 1 FROM %4$s b WHERE b.key = a.key)"
            + " UNION ALL SELECT 1, b.key, NULL, %2$s FROM %4$s b"
            + " WHERE NOT EXISTS (SELECT 1 FROM %3$s a WHERE a.key = b.key)",
        text("a"), text("b"), before.sql(), after.sql());
  }

  /** What is larger than any settings counts as no JSON, as which it is compared as a whole. */
  private static String text(String row) {
    return Sql.of(
        "CASE WHEN length(CAST(%1$s.value AS BLOB)) > %2$d THEN '' ELSE CAST(%1$s.value AS TEXT) END",
        row, ConfigDocument.MOST_BYTES);
  }

  private static void compare(
      SettingsDifference difference, String key, @Nullable String before, @Nullable String after) {
    JsonNode first = node(before);
    JsonNode second = node(after);
    if (first.isNull() && second.isNull()) {
      difference.changed(key);
    } else {
      difference.compare(key, first, second);
    }
  }

  /** A null node for what is not JSON. */
  private static JsonNode node(@Nullable String text) {
    if (text == null) {
      return NOTHING;
    }
    JsonNode root = ConfigDocument.parse(text.getBytes(StandardCharsets.UTF_8)).root();
    return root == null ? NOTHING : root;
  }
}
