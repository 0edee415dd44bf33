package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.internal.sqlite.StoredId;
import dev.openmemory.backup.internal.sqlite.TableColumns;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * SQL for what is read of a memory, whatever of it the database has. The row of the memory is
 * {@code m}.
 *
 * @param linked whether memories have categories
 * @param changes whether changes of state are recorded
 */
record MemoryColumns(
    TableColumns memories, TableColumns users, TableColumns apps, boolean linked, boolean changes) {
  static final String ID = StoredId.sql("m.id");
  static final String TEXT = "CAST(m.content AS TEXT)";

  static MemoryColumns of(Statement statement) throws SQLException {
    boolean linked =
        TableColumns.of(statement, "memory_categories").has("memory_id", "category_id")
            && TableColumns.of(statement, "categories").has("id", "name");
    return new MemoryColumns(
        TableColumns.of(statement, "memories"),
        TableColumns.of(statement, "users"),
        TableColumns.of(statement, "apps"),
        linked,
        TableColumns.of(statement, "memory_status_history")
            .has("memory_id", "changed_by", "old_state", "new_state", "changed_at"));
  }

  /** Whether there are memories at all. */
  boolean hasMemories() {
    return memories.has("id", "content");
  }

  String user() {
    return userOf("m.user_id", memories.has("user_id"));
  }

  /** The name of the user with the id in the column. */
  String userOf(String column, boolean present) {
    return present && users.has("id", "user_id")
        ? Sql.of("(SELECT u.user_id FROM main.users u WHERE u.id = %s)", column)
        : "NULL";
  }

  String app() {
    return memories.has("app_id") && apps.has("id", "name")
        ? "(SELECT a.name FROM main.apps a WHERE a.id = m.app_id)"
        : "NULL";
  }

  /** OpenMemory takes a missing one for active. */
  String state() {
    return memories.has("state") ? "lower(coalesce(m.state, 'active'))" : "'active'";
  }

  /** A JSON array of names. */
  private String categories() {
    return linked
        ? "(SELECT json_group_array(c.name ORDER BY c.name) FROM main.memory_categories l"
            + " JOIN main.categories c ON c.id = l.category_id"
            + " WHERE l.memory_id = m.id AND c.name NOT NULL)"
        : "NULL";
  }

  /** When it was made, as it stands in the table. */
  String created() {
    return optional("created_at");
  }

  /** In the order in which {@link MemoryDatabase} reads them. */
  String all() {
    return String.join(
        ", ",
        List.of(
            ID,
            user(),
            app(),
            state(),
            TEXT,
            categories(),
            optional("metadata"),
            created(),
            optional("updated_at"),
            optional("archived_at"),
            optional("deleted_at")));
  }

  private String optional(String column) {
    return memories.has(column) ? "m." + column : "NULL";
  }
}
