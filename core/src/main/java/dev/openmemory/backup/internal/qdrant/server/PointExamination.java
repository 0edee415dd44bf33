package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.qdrant.Examined;
import dev.openmemory.backup.internal.qdrant.QdrantVersion;
import dev.openmemory.backup.spi.optional.VectorStore.Points;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads every point whole, and searches for a sample of them by their own vectors. */
final class PointExamination {
  /** A page of vectors of 1,536 numbers is some 2 MB of JSON. */
  private static final int PAGE = 100;

  /** The first version with {@code points/query}, which newer ones prefer. */
  private static final int FIRST_WITH_QUERY = 10;

  private static final int MOST_NAMED = 10;

  private final Transport transport;
  private final String collection;
  private final boolean queries;
  private final long step;
  private final Points ids;
  private final List<String> withoutVector = new ArrayList<>();
  private final List<String> notFound = new ArrayList<>();
  private long points;
  private long lost;
  private long searched;

  PointExamination(Transport transport, String collection, String version, long count, Points ids) {
    this.transport = transport;
    this.collection = collection;
    this.queries =
        QdrantVersion.parse(version)
            .map(v -> v.major() > 1 || v.minor() >= FIRST_WITH_QUERY)
            .orElse(true);
    this.step = Math.max(1, count / Examined.SAMPLE);
    this.ids = ids;
  }

  /**
   * A vector by which a point can be searched for.
   *
   * @param name empty for the only one of a point
   */
  private record Dense(String name, List<?> numbers) {}

  Examined run() throws IOException {
    PointScroll.whole(transport, collection, PAGE).each(this::examine);
    return new Examined(points, lost, withoutVector, searched, notFound);
  }

  private void examine(JsonObject point) throws IOException {
    ids.take(PointScroll.point(point));
    Object id = PointScroll.id(point, "id");
    Map<String, Object> vectors = vectors(point);
    if (vectors.values().stream().noneMatch(PointExamination::hasNumber)) {
      lost++;
      name(withoutVector, id);
    } else if (points % step == 0) {
      Optional<Dense> dense = dense(vectors);
      if (dense.isPresent()) {
        searched++;
        if (!finds(id, dense.get(), false) && !finds(id, dense.get(), true)) {
          name(notFound, id);
        }
      }
    }
    points++;
  }

  private static void name(List<String> named, Object id) {
    if (named.size() < MOST_NAMED) {
      named.add(String.valueOf(id));
    }
  }

  /** By name; the one of a collection without names has an empty one. */
  private static Map<String, Object> vectors(JsonObject point) {
    Map<String, Object> vectors = new LinkedHashMap<>();
    Object value = point.others(Set.of()).get("vector");
    if (value instanceof Map<?, ?> named) {
      named.forEach((name, vector) -> vectors.put(String.valueOf(name), vector));
    } else if (value != null) {
      vectors.put("", value);
    }
    return vectors;
  }

  private static boolean hasNumber(Object vector) {
    if (vector instanceof Map<?, ?> sparse) {
      return sparse.values().stream()
          .filter(Objects::nonNull)
          .anyMatch(PointExamination::hasNumber);
    }
    if (vector instanceof Collection<?> several) {
      return several.stream().filter(Objects::nonNull).anyMatch(PointExamination::hasNumber);
    }
    return vector instanceof Number number && number.doubleValue() != 0;
  }

  private static Optional<Dense> dense(Map<String, Object> vectors) {
    return vectors.entrySet().stream()
        .filter(entry -> entry.getValue() instanceof List<?> list && isDense(list))
        .map(entry -> new Dense(entry.getKey(), (List<?>) entry.getValue()))
        .findFirst();
  }

  private static boolean isDense(List<?> vector) {
    return vector.stream().allMatch(Number.class::isInstance) && hasNumber(vector);
  }

  /** The nearest points may all have the same vector; then one of them is as good. */
  private boolean finds(Object id, Dense vector, boolean exact) throws BackupException {
    List<JsonObject> hits = queries ? query(vector, exact) : search(vector, exact);
    for (JsonObject hit : hits) {
      if (String.valueOf(PointScroll.id(hit, "id")).equals(String.valueOf(id))) {
        return true;
      }
    }
    return hits.size() == Examined.NEAREST && score(hits.get(0)).equals(score(hits.get(9)));
  }

  private static String score(JsonObject hit) {
    return String.valueOf(hit.others(Set.of()).get("score"));
  }

  private List<JsonObject> query(Dense vector, boolean exact) throws BackupException {
    Map<String, Object> body = body(exact);
    body.put("query", vector.numbers());
    if (!vector.name().isEmpty()) {
      body.put("using", vector.name());
    }
    return post("/points/query", body).object("result").objects("points");
  }

  private List<JsonObject> search(Dense vector, boolean exact) throws BackupException {
    Map<String, Object> body = body(exact);
    body.put(
        "vector",
        vector.name().isEmpty()
            ? vector.numbers()
            : Map.of("name", vector.name(), "vector", vector.numbers()));
    return post("/points/search", body).objects("result");
  }

  private static Map<String, Object> body(boolean exact) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("limit", Examined.NEAREST);
    body.put("params", Map.of("exact", exact));
    return body;
  }

  private JsonObject post(String path, Map<String, Object> body) throws BackupException {
    return transport
        .read(Request.json("search points", "POST", Address.collection(collection) + path, body))
        .document();
  }
}
