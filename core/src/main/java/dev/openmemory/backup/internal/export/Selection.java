package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.internal.sqlite.StoredId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts down in temporary tables, which SQLite keeps on disk, which rows of a user can be exported.
 * What belongs to the user and cannot be exported is reported.
 */
record Selection(Statement statement, Schema schema, Shortfalls shortfalls) {
  /** The chosen pairs of a memory and a category. */
  static final String LINKS = "temp.chosen_links";

  private static final String MEMORIES = "(SELECT id FROM " + Table.MEMORIES.chosen() + ")";

  /** Chooses the rows of the user, on which all others depend. */
  void of(UserChoice user, String location) throws SQLException, BackupException {
    choose(Table.USERS, "x.rowid = " + user.row());
    if (count(Table.USERS) == 0) {
      throw Kind.CORRUPT.failure(
          "choose user",
          location,
          "the row of user '" + user.userId() + "' has an id that is no UUID");
    }
    String owner = StoredId.sql("x.user_id");
    choose(Table.MEMORIES, owner + " IN (SELECT id FROM " + Table.USERS.chosen() + ")");
    reportMemoriesWithoutAUser(owner);
    if (schema.has(Table.MEMORIES, "app_id")) {
      choose(Table.APPS, StoredId.sql("x.id") + " IN (" + appsOfMemories() + ")");
    } else {
      choose(Table.APPS, "false");
    }
    chooseCategories();
    chooseDependent(
        Table.MEMORY_STATUS_HISTORY, "memory_id", StoredId.sql("x.memory_id") + " IN " + MEMORIES);
    chooseDependent(
        Table.ACCESS_CONTROLS,
        "subject_id",
        "x.subject_type = 'app' AND "
            + StoredId.sql("x.subject_id")
            + " IN (SELECT id FROM "
            + Table.APPS.chosen()
            + ")");
  }

  long count(Table table) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table.chosen())) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  Map<String, Long> memoriesByState() throws SQLException {
    String state = schema.has(Table.MEMORIES, "state") ? Field.stateSql("x.state") : "'active'";
    String sql =
        Sql.of(
            "SELECT %s, count(*) FROM %s t JOIN main.memories x ON x.rowid = t.source GROUP BY 1",
            state, Table.MEMORIES.chosen());
    Map<String, Long> states = new TreeMap<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        states.put(rows.getString(1), rows.getLong(2));
      }
    }
    return states;
  }

  private static String appsOfMemories() {
    return Sql.of(
        "SELECT %s FROM %s t JOIN main.memories m ON m.rowid = t.source",
        StoredId.sql("m.app_id"), Table.MEMORIES.chosen());
  }

  private void chooseDependent(Table table, String column, String condition) throws SQLException {
    choose(table, schema.has(table, column) ? condition : "false");
  }

  private void chooseCategories() throws SQLException {
    statement.executeUpdate(
        "CREATE TEMP TABLE chosen_links"
            + " (memory TEXT, category TEXT, PRIMARY KEY (memory, category)) WITHOUT ROWID");
    if (!schema.linksCategories()) {
      choose(Table.CATEGORIES, "false");
      return;
    }
    String memory = StoredId.sql("l.memory_id");
    String category = StoredId.sql("l.category_id");
    String links = " FROM main.memory_categories l WHERE " + memory + " IN " + MEMORIES;
    choose(Table.CATEGORIES, StoredId.sql("x.id") + " IN (SELECT " + category + links + ")");
    String chosen = category + " IN (SELECT id FROM " + Table.CATEGORIES.chosen() + ")";
    statement.executeUpdate(
        Sql.of(
            "INSERT OR IGNORE INTO %s SELECT %s, %s %s AND %s",
            LINKS, memory, category, links, chosen));
    report(
        "memory_categories",
        "SELECT l.memory_id || ' ' || coalesce(l.category_id, ''),"
            + " 'there is no such category to go with it'"
            + links
            + " AND NOT ("
            + chosen
            + ")");
  }

  private void choose(Table table, String condition) throws SQLException {
    statement.executeUpdate(
        Sql.of(
            "CREATE TEMP TABLE chosen_%s (source INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)",
            table.sqlName()));
    if (!schema.has(table, "id")) {
      return;
    }
    String rows = Sql.of(" FROM main.%s x WHERE %s", table.sqlName(), condition);
    String fault = fault(table);
    statement.executeUpdate(
        Sql.of(
            "INSERT OR IGNORE INTO %s SELECT x.rowid, %s %s AND %s IS NULL ORDER BY x.rowid",
            table.chosen(), StoredId.sql("x.id"), rows, fault));
    report(
        table.sqlName(),
        Sql.of(
            "SELECT x.id, coalesce(%s, 'its id occurs twice') %s AND x.rowid NOT IN (SELECT source"
                + " FROM %s) ORDER BY x.rowid",
            fault, rows, table.chosen()));
  }

  /** SQL for why a row cannot be exported; null when it can. */
  private String fault(Table table) {
    StringBuilder sql = new StringBuilder("CASE WHEN NOT (");
    sql.append(StoredId.isValid(StoredId.sql("x.id"))).append(") THEN 'its id is no UUID'");
    for (Field field : table.fields()) {
      if (field.type() == Field.Type.STATE && schema.has(table, field.name())) {
        sql.append(" WHEN ").append(Field.stateSql("x." + field.name()));
        sql.append(" NOT IN ('active', 'paused', 'archived', 'deleted')");
        sql.append(" THEN 'OpenMemory knows no such ").append(field.name()).append('\'');
      }
    }
    if (table == Table.CATEGORIES) {
      sql.append(" WHEN x.name IS NULL THEN 'it has no name'");
    }
    return sql.append(" END").toString();
  }

  private void reportMemoriesWithoutAUser(String owner) throws SQLException {
    report(
        "memories",
        Sql.of(
            "SELECT x.id, 'its user does not exist' FROM main.memories x WHERE %s NOT IN (SELECT %s"
                + " FROM main.users u) ORDER BY x.rowid",
            owner, StoredId.sql("u.id")));
  }

  private void report(String table, String idsAndReasons) throws SQLException {
    try (ResultSet rows = statement.executeQuery(idsAndReasons)) {
      while (rows.next()) {
        String id = rows.getString(1);
        shortfalls.row(table, id == null ? "without id" : id, rows.getString(2));
      }
    }
  }
}
