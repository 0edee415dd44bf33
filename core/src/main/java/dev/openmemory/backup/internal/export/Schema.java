package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.internal.sqlite.TableColumns;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;

/** Which columns the exported tables have in this database, and whether it links categories. */
record Schema(Map<Table, TableColumns> tables, boolean linksCategories) {

  static Schema of(Statement statement) throws SQLException {
    Map<Table, TableColumns> tables = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      tables.put(table, TableColumns.of(statement, table.sqlName()));
    }
    boolean links =
        TableColumns.of(statement, "memory_categories").has("memory_id", "category_id")
            && columns(tables, Table.CATEGORIES).has("id", "name");
    return new Schema(tables, links);
  }

  boolean has(Table table, String... names) {
    return columns(tables, table).has(names);
  }

  private static TableColumns columns(Map<Table, TableColumns> tables, Table table) {
    return tables.getOrDefault(table, TableColumns.NONE);
  }
}
