package dev.openmemory.backup.internal.export;

import dev.openmemory.backup.internal.sqlite.StoredId;

/** A column that is exported under its own name. */
record Field(String name, Type type) {
  enum Type {
    ID,
    TEXT,
    STATE,
    FLAG,
    TIME,
    JSON
  }

  static Field id(String name) {
    return new Field(name, Type.ID);
  }

  static Field text(String name) {
    return new Field(name, Type.TEXT);
  }

  static Field time(String name) {
    return new Field(name, Type.TIME);
  }

  /** SQL for its value where the table has the column. */
  String sql(String column) {
    return switch (type) {
      case ID -> "CASE WHEN " + column + " NOT NULL THEN " + StoredId.sql(column) + " END";
      case STATE -> stateSql(column);
      default -> column;
    };
  }

  /** SQL for a state; OpenMemory takes a missing one for active. */
  static String stateSql(String column) {
    return "lower(coalesce(" + column + ", 'active'))";
  }
}
