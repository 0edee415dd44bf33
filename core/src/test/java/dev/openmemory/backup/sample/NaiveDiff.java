package dev.openmemory.backup.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is different between two lists of memories, in memory and without SQL. */
public final class NaiveDiff {
  /** A row; the position in its list is the order in which it was made. */
  public record Row(String id, String content, String state) {
    String key() {
      return Optional.ofNullable(id).orElse("").replace("-", "").toLowerCase(Locale.ROOT);
    }
  }

  public final List<String> added = new ArrayList<>();
  public final List<String> removed = new ArrayList<>();
  public final List<String> changed = new ArrayList<>();

  public NaiveDiff(List<Row> before, List<Row> after) {
    Map<String, List<Row>> first = byKey(before);
    Map<String, List<Row>> second = byKey(after);
    Map<String, List<Row>> all = new TreeMap<>(first);
    all.putAll(second);
    for (String key : all.keySet()) {
      List<Row> one = first.getOrDefault(key, List.of());
      List<Row> other = second.getOrDefault(key, List.of());
      for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
        if (i >= one.size()) {
          added.add(shown(key));
        } else if (i >= other.size()) {
          removed.add(shown(key));
        } else {
          compare(key, one.get(i), other.get(i));
        }
      }
    }
  }

  private void compare(String key, Row one, Row other) {
    List<String> columns = new ArrayList<>();
    if (!one.content().equals(other.content())) {
      columns.add("content");
    }
    if (!one.state().equals(other.state())) {
      columns.add("state");
    }
    if (!columns.isEmpty()) {
      changed.add(shown(key) + " " + columns);
    }
  }

  private static Map<String, List<Row>> byKey(List<Row> rows) {
    Map<String, List<Row>> byKey = new TreeMap<>();
    for (Row row : rows) {
      byKey.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row);
    }
    return byKey;
  }

  private static String shown(String key) {
    return key.matches("[0-9a-f]{32}") ? MemoriesDatabase.uuid(key).toString() : key;
  }
}
