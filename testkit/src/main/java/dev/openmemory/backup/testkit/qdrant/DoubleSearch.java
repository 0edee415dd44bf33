package dev.openmemory.backup.testkit.qdrant;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the points that are nearest to a vector, by the cosine of the angle between them.
 *
 * @param lost ids of points that no search finds
 */
record DoubleSearch(Collection<Map<String, @Nullable Object>> points, Set<Object> lost) {
  private static final int LIMIT = 10;

  private record Hit(Object id, double score) {}

  /**
   * The nearest points, in the form of JSON.
   *
   * @param body with a {@code vector}, or with a {@code query}
   */
  List<Object> nearest(Map<String, @Nullable Object> body) throws DoubleAnswer {
    Object vector = body.getOrDefault("query", body.get("vector"));
    if (!(vector instanceof List<?> wanted)) {
      throw DoubleAnswer.error(400, "Format error in JSON body: missing field `vector`");
    }
    int limit = body.get("limit") instanceof Number number ? number.intValue() : LIMIT;
    List<Hit> hits = new ArrayList<>();
    for (Map<String, @Nullable Object> point : points) {
      Object id = point.get("id");
      if (point.get("vector") instanceof List<?> known && id != null && !lost.contains(id)) {
        hits.add(new Hit(id, cosine(wanted, known)));
      }
    }
    return hits.stream()
        .sorted(Comparator.comparingDouble(Hit::score).reversed())
        .limit(limit)
        .<Object>map(hit -> Map.of("id", hit.id(), "version", 0, "score", hit.score()))
        .toList();
  }

  private static double cosine(List<?> one, List<?> other) {
    double product = 0;
    double length = 0;
    double otherLength = 0;
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      double a = ((Number) one.get(i)).doubleValue();
      double b = ((Number) other.get(i)).doubleValue();
      product += a * b;
      length += a * a;
      otherLength += b * b;
    }
    return length == 0 || otherLength == 0 ? 0 : product / Math.sqrt(length * otherLength);
  }
}
