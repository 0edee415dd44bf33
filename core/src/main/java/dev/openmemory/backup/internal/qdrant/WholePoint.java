package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.Json;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A point with all that it has. Its payload and vectors are not in {@link #toString()}.
 *
 * @param vector as Qdrant's REST interface has it: numbers, or vectors by name; empty when it has
 *     none
 */
public record WholePoint(UUID id, Map<String, @Nullable Object> payload, Optional<Object> vector) {
  /** Qdrant keeps 32 bits of a number, and brings vectors to the length 1 for some distances. */
  private static final double TOLERANCE = 1e-6;

  private static final String UNNAMED = "";

  public WholePoint {
    vector = vector.flatMap(WholePoint::withoutName);
  }

  /** A vector without a name may stand alone, or below an empty name. */
  private static Optional<Object> withoutName(Object vector) {
    if (vector instanceof Map<?, ?> named && named.isEmpty()) {
      return Optional.empty();
    }
    return vector instanceof Map<?, ?> named && named.size() == 1 && named.containsKey(UNNAMED)
        ? Optional.ofNullable(named.get(UNNAMED))
        : Optional.of(vector);
  }

  /**
   * Reads one.
   *
   * @throws BackupException of kind {@code INVALID} when the text is none, or its id is no UUID
   */
  public static WholePoint of(@Nullable Object json, String location) throws BackupException {
    if (json instanceof Map<?, ?> point && point.get("id") instanceof String id) {
      Map<String, @Nullable Object> payload = new LinkedHashMap<>();
      if (point.get("payload") instanceof Map<?, ?> members) {
        members.forEach((name, value) -> payload.put(String.valueOf(name), value));
      }
      try {
        Optional<Object> vector = Optional.ofNullable(point.get("vector"));
        return new WholePoint(UUID.fromString(id), payload, vector);
      } catch (IllegalArgumentException e) {
        throw Kind.INVALID.failure("read point", location, "the id of a point is no UUID", e);
      }
    }
    throw Kind.INVALID.failure("read point", location, "a point has no id that is a text");
  }

  public Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", id.toString());
    json.put("payload", payload);
    json.put("vector", vector.orElse(Map.of()));
    return json;
  }

  /** The same point with another id. */
  public WholePoint withId(UUID other) {
    return new WholePoint(other, payload, vector);
  }

  /** Whether payload and vectors are the same, as far as Qdrant keeps them. */
  public boolean isSameAs(WholePoint other) {
    return Json.canonical(payload).equals(Json.canonical(other.payload))
        && isSame(vector.orElse(null), other.vector.orElse(null));
  }

  private static boolean isSame(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number number && other instanceof Number another) {
      return Math.abs(number.doubleValue() - another.doubleValue()) <= TOLERANCE;
    }
    if (one instanceof List<?> list && other instanceof List<?> second) {
      Iterator<?> rest = second.iterator();
      return list.size() == second.size()
          && list.stream().allMatch(part -> isSame(part, rest.next()));
    }
    if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> second) {
      return map.keySet().equals(second.keySet())
          && map.entrySet().stream()
              .allMatch(entry -> isSame(entry.getValue(), second.get(entry.getKey())));
    }
    return one == null && other == null;
  }

  @Override
  public String toString() {
    return "point " + id;
  }
}
