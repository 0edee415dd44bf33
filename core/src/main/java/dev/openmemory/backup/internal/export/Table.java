package dev.openmemory.backup.internal.export;

import static dev.openmemory.backup.internal.export.Field.id;
import static dev.openmemory.backup.internal.export.Field.text;
import static dev.openmemory.backup.internal.export.Field.time;

import java.util.List;
import java.util.Locale;

/** The exported tables, each with what OpenMemory's own export has of them. */
enum Table {
  USERS(
      id("id"),
      text("user_id"),
      text("name"),
      text("email"),
      new Field("metadata", Field.Type.JSON),
      time("created_at"),
      time("updated_at")),
  APPS(
      id("id"),
      id("owner_id"),
      text("name"),
      text("description"),
      new Field("metadata", Field.Type.JSON),
      new Field("is_active", Field.Type.FLAG),
      time("created_at"),
      time("updated_at")),
  CATEGORIES(id("id"), text("name"), text("description"), time("created_at"), time("updated_at")),
  MEMORIES(
      id("id"),
      id("user_id"),
      id("app_id"),
      text("content"),
      new Field("metadata", Field.Type.JSON),
      new Field("state", Field.Type.STATE),
      time("created_at"),
      time("updated_at"),
      time("archived_at"),
      time("deleted_at")),
  MEMORY_STATUS_HISTORY(
      id("id"),
      id("memory_id"),
      id("changed_by"),
      new Field("old_state", Field.Type.STATE),
      new Field("new_state", Field.Type.STATE),
      time("changed_at")),
  ACCESS_CONTROLS(
      id("id"),
      text("subject_type"),
      id("subject_id"),
      text("object_type"),
      id("object_id"),
      text("effect"),
      time("created_at"));

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<Field> fields;

  Table(Field... fields) {
    this.fields = List.of(fields);
  }

  List<Field> fields() {
    return fields;
  }

  /** As in SQL. */
  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The temporary table of the rows that are exported: {@code source}, a rowid, and {@code id}. */
  String chosen() {
    return "temp.chosen_" + sqlName();
  }
}
