package dev.openmemory.backup.testkit.qdrant;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Answers requests as recorded from Qdrant 1.18.3. */
final class DoubleRoutes {
  private static final Set<String> OPEN =
      Set.of("GET /", "GET /healthz", "GET /readyz", "GET /livez");

  private final DoubleStore store;
  private final DoublePoints points;
  private final DoubleSnapshotRoutes snapshots;
  private volatile String version = "1.18.3";
  private volatile Map<String, Object> cluster = Map.of("status", "disabled");
  private final AtomicLong queued = new AtomicLong();
  private final Set<Object> unsearchable = ConcurrentHashMap.newKeySet();

  DoubleRoutes(DoubleStore store, DoubleSnapshots snapshots, DoubleRestore restore) {
    this.store = store;
    this.points = new DoublePoints(store);
    this.snapshots = new DoubleSnapshotRoutes(store, snapshots, restore);
  }

  void version(String text) {
    version = text;
  }

  void unsearchable(Object id) {
    unsearchable.add(id);
  }

  void cluster(Map<String, Object> status) {
    cluster = Map.copyOf(status);
  }

  void queued(long operations) {
    queued.set(operations);
  }

  static boolean isOpen(DoubleRequest request) {
    return OPEN.contains(shape(request));
  }

  /** Whether a read-only key is enough. */
  static boolean isRead(DoubleRequest request) {
    return request.method().equals("GET")
        || shape(request).matches("POST /collections/\\{c}/points(/count|/scroll|/search|/query)?");
  }

  static boolean isUpload(DoubleRequest request) {
    return shape(request).equals("POST /collections/{c}/snapshots/upload");
  }

  /** The method and the path, with names replaced. */
  private static String shape(DoubleRequest request) {
    List<String> parts = new ArrayList<>(request.path());
    boolean named = parts.get(0).equals("collections") && parts.size() > 1;
    if (named && !(parts.get(1).equals("aliases") && request.method().equals("POST"))) {
      parts.set(1, "{c}");
    }
    if (parts.size() > 3 && parts.get(2).equals("snapshots") && !isVerb(parts.get(3))) {
      parts.set(3, "{s}");
    }
    if (parts.size() > 3 && parts.get(2).equals("points") && request.method().equals("GET")) {
      parts.set(3, "{p}");
    }
    return request.method() + " /" + String.join("/", parts);
  }

  private static boolean isVerb(String part) {
    return part.equals("upload") || part.equals("recover");
  }

  DoubleAnswer answer(DoubleRequest request) throws IOException, DoubleAnswer {
    String shape = shape(request);
    String name = request.path().size() > 1 ? request.path().get(1) : "";
    if (shape.equals("POST /collections/{c}/snapshots/upload")) {
      return snapshots.upload(name, request);
    }
    if (shape.equals("PUT /collections/{c}/snapshots/recover")) {
      return snapshots.recover(name, request);
    }
    synchronized (store) {
      return answer(shape, name, request);
    }
  }

  private DoubleAnswer answer(String shape, String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    return switch (shape) {
      case "GET /" ->
          DoubleAnswer.json(
              200, Map.of("title", "qdrant - vector search engine", "version", version));
      case "GET /healthz", "GET /livez" -> DoubleAnswer.plain(200, "healthz check passed");
      case "GET /readyz" -> DoubleAnswer.plain(200, "all shards are ready");
      case "GET /cluster" -> DoubleAnswer.result(cluster);
      case "GET /collections" -> DoubleAnswer.result(Map.of("collections", names()));
      case "GET /aliases" -> DoubleAnswer.result(Map.of("aliases", aliases(null)));
      case "POST /collections/aliases" -> changeAliases(request);
      case "GET /collections/{c}/aliases" -> DoubleAnswer.result(Map.of("aliases", aliases(name)));
      case "GET /collections/{c}/exists" ->
          DoubleAnswer.result(Map.of("exists", store.find(name) != null));
      case "GET /collections/{c}" -> info(name);
      case "PUT /collections/{c}" -> create(name, request);
      case "DELETE /collections/{c}" -> DoubleAnswer.result(store.delete(name));
      case "PUT /collections/{c}/index" -> indexed(name, request);
      case "PUT /collections/{c}/points" -> points.upsert(name, request);
      case "POST /collections/{c}/points" -> points.retrieve(name, request);
      case "GET /collections/{c}/points/{p}" -> points.point(name, request);
      case "POST /collections/{c}/points/delete" -> points.deletePoints(name, request);
      case "POST /collections/{c}/points/count" -> points.count(name, request);
      case "POST /collections/{c}/points/scroll" -> points.scroll(name, request);
      case "POST /collections/{c}/points/search" ->
          DoubleAnswer.result(search(name).nearest(request.json()));
      case "POST /collections/{c}/points/query" ->
          DoubleAnswer.result(Map.of("points", search(name).nearest(request.json())));
      default -> snapshots.answer(shape, name, request);
    };
  }

  private List<Object> names() {
    return store.names().stream().<Object>map(name -> Map.of("name", name)).toList();
  }

  private List<Object> aliases(@Nullable String collection) {
    List<Object> list = new ArrayList<>();
    store
        .aliases()
        .forEach(
            (alias, target) -> {
              if (collection == null || collection.equals(target)) {
                list.add(Map.of("alias_name", alias, "collection_name", target));
              }
            });
    return list;
  }

  private DoubleAnswer changeAliases(DoubleRequest request) throws IOException, DoubleAnswer {
    if (request.json().get("actions") instanceof List<?> actions) {
      for (Object action : actions) {
        if (action instanceof Map<?, ?> change) {
          changeAlias(change);
        }
      }
    }
    store.saveAliases();
    return DoubleAnswer.result(true);
  }

  private void changeAlias(Map<?, ?> change) throws DoubleAnswer {
    if (change.get("create_alias") instanceof Map<?, ?> made) {
      String target = String.valueOf(made.get("collection_name"));
      if (!store.names().contains(target)) {
        throw DoubleAnswer.noCollection(target);
      }
      store.aliases().put(String.valueOf(made.get("alias_name")), target);
    } else if (change.get("delete_alias") instanceof Map<?, ?> gone) {
      store.aliases().remove(String.valueOf(gone.get("alias_name")));
    }
  }

  private DoubleAnswer info(String name) throws DoubleAnswer {
    DoubleCollection collection = store.get(name);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", "green");
    result.put("optimizer_status", "ok");
    result.put("points_count", collection.points().size());
    result.put("segments_count", 2);
    result.put("config", collection.config());
    result.put("payload_schema", Map.of());
    result.put(
        "update_queue", Map.of("length", queued.getAndUpdate(left -> Math.max(0, left - 1))));
    return DoubleAnswer.result(result);
  }

  private DoubleAnswer create(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    store.create(name, DoubleCollection.config(request.json()));
    return DoubleAnswer.result(true);
  }

  private DoubleAnswer indexed(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    request.json();
    store.get(name);
    return DoublePoints.done();
  }

  private DoubleSearch search(String name) throws DoubleAnswer {
    return new DoubleSearch(store.get(name).points().values(), unsearchable);
  }
}
