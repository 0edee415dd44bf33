package dev.openmemory.backup.testkit.qdrant;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers requests for points. */
record DoublePoints(DoubleStore store) {
  DoubleAnswer upsert(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    Map<String, @Nullable Object> body = request.json();
    DoubleCollection collection = store.get(name);
    if (body.get("points") instanceof List<?> points) {
      for (Object point : points) {
        collection.put(point);
      }
    }
    collection.save();
    return done();
  }

  DoubleAnswer deletePoints(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    Map<String, @Nullable Object> body = request.json();
    DoubleCollection collection = store.get(name);
    if (body.get("points") instanceof List<?> ids) {
      for (Object id : ids) {
        collection.points().remove(PointId.of(id));
      }
    }
    collection.save();
    return done();
  }

  DoubleAnswer retrieve(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    Map<String, @Nullable Object> body = request.json();
    DoubleCollection collection = store.get(name);
    List<Object> found = new ArrayList<>();
    if (body.get("ids") instanceof List<?> ids) {
      for (Object id : ids) {
        Map<String, @Nullable Object> point = collection.points().get(PointId.of(id));
        if (point != null) {
          found.add(view(point, body));
        }
      }
    }
    return DoubleAnswer.result(found);
  }

  DoubleAnswer point(String name, DoubleRequest request) throws DoubleAnswer {
    String id = request.path().get(3);
    Map<String, @Nullable Object> point = store.get(name).points().get(PointId.of(id));
    if (point == null) {
      throw DoubleAnswer.error(404, "Not found: Point with id " + id + " does not exists!");
    }
    return DoubleAnswer.result(point);
  }

  DoubleAnswer count(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    request.json();
    return DoubleAnswer.result(Map.of("count", store.get(name).points().size()));
  }

  DoubleAnswer scroll(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    Map<String, @Nullable Object> body = request.json();
    int limit = body.get("limit") instanceof Number number ? number.intValue() : 10;
    if (limit < 1) {
      throw DoubleAnswer.error(422, "Validation error in JSON body: [limit: value 0 invalid]");
    }
    var points = store.get(name).points();
    Object offset = body.get("offset");
    List<Object> page = new ArrayList<>();
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("points", page);
    result.put("next_page_offset", null);
    for (var entry :
        (offset == null ? points : points.tailMap(PointId.of(offset), true)).entrySet()) {
      if (page.size() == limit) {
        result.put("next_page_offset", entry.getKey().json());
        break;
      }
      page.add(view(entry.getValue(), body));
    }
    return DoubleAnswer.result(result);
  }

  /** As much of a point as was asked for. */
  private static Map<String, @Nullable Object> view(
      Map<String, @Nullable Object> point, Map<String, @Nullable Object> asked) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("id", point.get("id"));
    Object payload = asked.getOrDefault("with_payload", true);
    if (payload instanceof List<?> names && point.get("payload") instanceof Map<?, ?> whole) {
      Map<String, @Nullable Object> part = new LinkedHashMap<>();
      names.stream()
          .filter(whole::containsKey)
          .forEach(name -> part.put(String.valueOf(name), whole.get(name)));
      view.put("payload", part);
    } else if (!Boolean.FALSE.equals(payload)) {
      view.put("payload", point.get("payload"));
    }
    if (Boolean.TRUE.equals(asked.get("with_vector"))) {
      view.put("vector", point.get("vector"));
    }
    return view;
  }

  static DoubleAnswer done() {
    return DoubleAnswer.result(Map.of("operation_id", 1, "status", "completed"));
  }
}
