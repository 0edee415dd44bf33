package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.sqlite.StoredId;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the rows of a memory in a backup the rows that it gets in an installation. Users, apps
 * and categories are the same when their names are; the ones that are missing are added.
 */
final class Translation {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final Tables from;
  private final Tables to;
  private final String backup;
  private final Clock clock;

  /** Ids by table and names. */
  private final Map<List<?>, Object> known = new LinkedHashMap<>();

  /** What is missing in the installation, by table and id. */
  private final Map<List<?>, Change.Needed> missing = new LinkedHashMap<>();

  Translation(Tables from, Tables to, String backup, Clock clock) {
    this.from = from;
    this.to = to;
    this.backup = backup;
    this.clock = clock;
    to.rows(Tables.USERS).forEach((id, row) -> know(Tables.USERS, id, row.value("user_id")));
    to.rows(Tables.NAMES).forEach((id, row) -> know(Tables.NAMES, id, row.value("name")));
    to.rows(Tables.APPS)
        .forEach((id, row) -> know(Tables.APPS, id, row.value("owner_id"), row.value("name")));
  }

  private void know(String table, Object id, @Nullable Object... name) {
    known.put(key(table, name), id);
  }

  private static List<?> key(String table, @Nullable Object... name) {
    List<@Nullable Object> key = new ArrayList<>();
    key.add(table);
    key.addAll(Arrays.asList(name));
    return key;
  }

  /** The rows of users, apps and categories that these rows refer to and that no call has given. */
  List<Change.Needed> needs(MemoryRows rows) {
    List<Change.Needed> needs = new ArrayList<>();
    need(Tables.USERS, rows.memory().value("user_id"), needs);
    need(Tables.APPS, rows.memory().value("app_id"), needs);
    rows.rows(MemoryRows.CATEGORIES)
        .forEach(link -> need(Tables.NAMES, link.value("category_id"), needs));
    rows.rows(MemoryRows.CHANGES)
        .forEach(change -> need(Tables.USERS, change.value("changed_by"), needs));
    return needs;
  }

  private void need(String table, @Nullable Object id, List<Change.Needed> needs) {
    Change.Needed found = missing.remove(key(table, id));
    if (found != null) {
      need(Tables.USERS, found.row().value("owner_id"), needs);
      needs.add(found);
    }
  }

  /**
   * The rows that the memory gets, without a record of it.
   *
   * @param present its rows in the installation
   * @param id a new one; empty when it keeps its own
   */
  MemoryRows translate(MemoryRows rows, Optional<MemoryRows> present, Optional<UUID> id) {
    Object user = user(rows.memory().value("user_id"));
    Row memory = rows.memory().with("user_id", user).with("app_id", app(rows.memory(), user));
    Row base = present.map(MemoryRows::memory).orElse(new Row(Map.of()));
    Object key =
        id.isPresent()
            ? digits(id.get())
            : present.map(p -> p.memory().value("id")).orElse(memory.value("id"));
    Row shared = fit(MemoryRows.MEMORIES, memory).with("id", key);
    for (Map.Entry<String, @Nullable Object> value : shared.values().entrySet()) {
      base = base.with(value.getKey(), value.getValue());
    }
    MemoryRows translated =
        new MemoryRows(Map.of(MemoryRows.MEMORIES, List.of(base)))
            .with(MemoryRows.CATEGORIES, categories(rows, key));
    return translated.with(MemoryRows.CHANGES, changes(rows, present, key, id.isPresent()));
  }

  /** Without the columns that the table of the installation does not have. */
  private Row fit(String table, Row row) {
    Set<String> columns = new HashSet<>();
    row.values().keySet().stream().filter(to.columns(table)::has).forEach(columns::add);
    return row.only(columns);
  }

  private List<Row> categories(MemoryRows rows, @Nullable Object memory) {
    List<Row> links = new ArrayList<>();
    if (to.has(MemoryRows.CATEGORIES, "memory_id", "category_id")) {
      for (Row link : rows.rows(MemoryRows.CATEGORIES)) {
        Object category = category(link.value("category_id"));
        links.add(
            fit(MemoryRows.CATEGORIES, link)
                .with("memory_id", memory)
                .with("category_id", category));
      }
    }
    return links;
  }

  /** The history of both; what the installation has stays. */
  private List<Row> changes(
      MemoryRows rows, Optional<MemoryRows> present, @Nullable Object memory, boolean asNew) {
    List<Row> changes = new ArrayList<>();
    if (!to.has(MemoryRows.CHANGES, "id", "memory_id")) {
      return changes;
    }
    Set<Object> ids = new HashSet<>();
    present.ifPresent(p -> changes.addAll(p.rows(MemoryRows.CHANGES)));
    changes.forEach(row -> ids.add(String.valueOf(row.value("id"))));
    for (Row change : rows.rows(MemoryRows.CHANGES)) {
      if (ids.add(String.valueOf(change.value("id")))) {
        Row fitting =
            fit(MemoryRows.CHANGES, change)
                .with("memory_id", memory)
                .with("changed_by", user(change.value("changed_by")));
        changes.add(asNew ? fitting.with("id", digits(UUID.randomUUID())) : fitting);
      }
    }
    return changes;
  }

  /**
   * Adds the change of state, made by the owner as OpenMemory records it, and an entry in the log
   * of accesses, the only table with room for the name of the backup.
   */
  MemoryRows recorded(MemoryRows after, Optional<MemoryRows> present) {
    String now = TIME.format(LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
    MemoryRows recorded = after;
    if (to.has(MemoryRows.CHANGES, "id", "memory_id", "changed_by", "old_state", "new_state")) {
      List<Row> changes = new ArrayList<>(after.rows(MemoryRows.CHANGES));
      changes.add(fit(MemoryRows.CHANGES, change(after, present, now)));
      recorded = recorded.with(MemoryRows.CHANGES, changes);
    }
    if (to.has(MemoryRows.ACCESSES, "id", "memory_id", "app_id", "access_type", "metadata")) {
      Row access = fit(MemoryRows.ACCESSES, access(after, now));
      recorded = recorded.with(MemoryRows.ACCESSES, List.of(access));
    }
    return recorded;
  }

  private static Row change(MemoryRows after, Optional<MemoryRows> present, String now) {
    return new Row(Map.of())
        .with("id", digits(UUID.randomUUID()))
        .with("memory_id", after.memory().value("id"))
        .with("changed_by", after.memory().value("user_id"))
        .with("old_state", present.map(MemoryRows::state).orElse(MemoryRows.DELETED))
        .with("new_state", after.state())
        .with("changed_at", now);
  }

  private Row access(MemoryRows after, String now) {
    return new Row(Map.of())
        .with("id", digits(UUID.randomUUID()))
        .with("memory_id", after.memory().value("id"))
        .with("app_id", after.memory().value("app_id"))
        .with("accessed_at", now)
        .with("access_type", "restore")
        .with("metadata", Json.line(Map.of("backup", backup)));
  }

  private @Nullable Object user(@Nullable Object id) {
    return same(Tables.USERS, id, row -> new @Nullable Object[] {row.value("user_id")}, row -> row);
  }

  private @Nullable Object app(Row memory, @Nullable Object owner) {
    Object id = memory.value("app_id");
    // An app may belong to another user than the memory.
    Object appOwner =
        from.other(Tables.APPS, id).map(row -> user(row.value("owner_id"))).orElse(owner);
    return same(
        Tables.APPS,
        id,
        row -> new @Nullable Object[] {appOwner, row.value("name")},
        row -> row.with("owner_id", appOwner));
  }

  private @Nullable Object category(@Nullable Object id) {
    return same(Tables.NAMES, id, row -> new @Nullable Object[] {row.value("name")}, row -> row);
  }

  private interface Naming {
    @Nullable Object[] of(Row row);
  }

  /** The id of the row with the same name there; one that refers to nothing stays as it is. */
  private @Nullable Object same(
      String table, @Nullable Object id, Naming name, UnaryOperator<Row> adapt) {
    Optional<Row> row = from.other(table, id);
    if (row.isEmpty() || !to.has(table, "id")) {
      return id;
    }
    return known.computeIfAbsent(
        key(table, name.of(row.get())),
        key -> add(table, Objects.requireNonNull(id), adapt.apply(row.get())));
  }

  private Object add(String table, Object id, Row row) {
    boolean taken = to.rows(table).containsKey(id);
    Object free = taken ? digits(UUID.randomUUID()) : id;
    Row added = fit(table, row).with("id", free);
    missing.put(key(table, free), new Change.Needed(table, added));
    to.know(table, free, added);
    return free;
  }

  private static String digits(UUID id) {
    return StoredId.digits(id.toString());
  }
}
