package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one memory is before and after: its rows and its point.
 *
 * @param needs rows of users, apps and categories that have to be there first
 */
record Change(
    UUID id,
    List<Needed> needs,
    Optional<MemoryRows> rowsBefore,
    Optional<MemoryRows> rowsAfter,
    Optional<WholePoint> pointBefore,
    Optional<WholePoint> pointAfter) {

  Change {
    needs = List.copyOf(needs);
  }

  /** A row that other rows refer to. */
  record Needed(String table, Row row) {}

  boolean changesRows() {
    return !RowWriter.isSame(rowsBefore, rowsAfter);
  }

  boolean changesPoint() {
    return !isSame(pointBefore, pointAfter);
  }

  static boolean isSame(Optional<WholePoint> one, Optional<WholePoint> other) {
    return (one.isPresent() && other.isPresent())
        ? one.get().isSameAs(other.get())
        : one.isEmpty() && other.isEmpty();
  }

  /** The way back. Rows that others refer to stay. */
  Change reversed() {
    return new Change(id, List.of(), rowsAfter, rowsBefore, pointAfter, pointBefore);
  }

  Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", id.toString());
    json.put(
        "needs",
        needs.stream()
            .map(need -> Map.of("table", need.table(), "row", need.row().values()))
            .toList());
    json.put("rowsBefore", rowsBefore.map(MemoryRows::toJson).orElse(null));
    json.put("rowsAfter", rowsAfter.map(MemoryRows::toJson).orElse(null));
    json.put("pointBefore", pointBefore.map(WholePoint::toJson).orElse(null));
    json.put("pointAfter", pointAfter.map(WholePoint::toJson).orElse(null));
    return json;
  }

  /**
   * Reads one.
   *
   * @throws BackupException of kind {@code CORRUPT} when it is none
   */
  static Change of(Map<?, ?> json, String location) throws BackupException {
    try {
      List<Needed> needs = new ArrayList<>();
      for (Object need : json.get("needs") instanceof List<?> list ? list : List.of()) {
        Map<?, ?> of = (Map<?, ?>) need;
        needs.add(
            new Needed(table(of.get("table")), Row.of(Objects.requireNonNull(of.get("row")))));
      }
      return new Change(
          UUID.fromString(String.valueOf(json.get("id"))),
          needs,
          rows(json.get("rowsBefore")),
          rows(json.get("rowsAfter")),
          point(json.get("pointBefore"), location),
          point(json.get("pointAfter"), location));
    } catch (RuntimeException e) {
      throw Kind.CORRUPT.failure("read changes of memories", location, "is damaged", e);
    }
  }

  /** A name from a file never becomes SQL. */
  private static String table(@Nullable Object name) {
    return List.of(Tables.USERS, Tables.APPS, Tables.NAMES).stream()
        .filter(known -> known.equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<MemoryRows> rows(@Nullable Object json) {
    return json instanceof Map<?, ?> tables
        ? Optional.of(MemoryRows.of(tables)).filter(rows -> rows.memory() != null)
        : Optional.empty();
  }

  private static Optional<WholePoint> point(@Nullable Object json, String location)
      throws BackupException {
    return json == null ? Optional.empty() : Optional.of(WholePoint.of(json, location));
  }
}
