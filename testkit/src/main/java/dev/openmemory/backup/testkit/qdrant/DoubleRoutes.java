package dev.openmemory.backup.testkit.qdrant;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers requests as recorded from Qdrant 1.18.3. */
final class DoubleRoutes {
  private static final Set<String> OPEN =
      Set.of("GET /", "GET /healthz", "GET /readyz", "GET /livez");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)(,.*)?");

  private final DoubleStore store;
  private final DoubleSnapshots snapshots;
  private final DoubleRestore restore;
  private volatile String version = "1.18.3";
  private final AtomicLong queued = new AtomicLong();
  private final Set<Object> unsearchable = ConcurrentHashMap.newKeySet();

  DoubleRoutes(DoubleStore store, DoubleSnapshots snapshots, DoubleRestore restore) {
    this.store = store;
    this.snapshots = snapshots;
    this.restore = restore;
  }

  void version(String text) {
    version = text;
  }

  void unsearchable(Object id) {
    unsearchable.add(id);
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

  /** What is wrong with an upload before its body is read, if anything. */
  static void checkUpload(DoubleRequest request) throws DoubleAnswer {
    if (request.path().get(1).contains("/")) {
      throw DoubleAnswer.error(
          422,
          "Validation error in path parameters: [collection_name: collection name cannot contain"
              + " \"/\" char]");
    }
    if (!request.query("checksum", "0".repeat(64)).matches("[0-9a-fA-F]{64}")) {
      throw DoubleAnswer.error(
          422,
          "Validation error in query parameters: [checksum: Validation error:"
              + " invalid_sha256_hash]");
    }
    if (!Set.of("no_sync", "snapshot", "replica").contains(request.query("priority", "snapshot"))) {
      throw DoubleAnswer.error(
          400, "Deserialize error in query parameters: unknown variant, expected one of ...");
    }
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
      return upload(name, request);
    }
    if (shape.equals("PUT /collections/{c}/snapshots/recover")) {
      return recover(name, request);
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
      case "PUT /collections/{c}/points" -> upsert(name, request);
      case "POST /collections/{c}/points" -> retrieve(name, request);
      case "GET /collections/{c}/points/{p}" -> point(name, request);
      case "POST /collections/{c}/points/delete" -> deletePoints(name, request);
      case "POST /collections/{c}/points/count" -> count(name, request);
      case "POST /collections/{c}/points/scroll" -> scroll(name, request);
      case "POST /collections/{c}/points/search" ->
          DoubleAnswer.result(search(name).nearest(request.json()));
      case "POST /collections/{c}/points/query" ->
          DoubleAnswer.result(Map.of("points", search(name).nearest(request.json())));
      default -> snapshotAnswer(shape, name, request);
    };
  }

  private DoubleAnswer snapshotAnswer(String shape, String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    return switch (shape) {
      case "GET /collections/{c}/snapshots" -> {
        store.get(name);
        yield DoubleAnswer.result(snapshots.list(store.target(name)));
      }
      case "POST /collections/{c}/snapshots" -> createSnapshot(name, request);
      case "GET /collections/{c}/snapshots/{s}" -> download(name, request);
      case "DELETE /collections/{c}/snapshots/{s}" -> deleteSnapshot(name, request);
      default -> DoubleAnswer.text(404, "", "");
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

  private DoubleCollection readable(String name) throws DoubleAnswer {
    DoubleCollection collection = store.get(name);
    if (restore.isAway(store.target(name))) {
      throw DoubleAnswer.error(500, QdrantDouble.SHARD_AWAY);
    }
    return collection;
  }

  private DoubleAnswer info(String name) throws DoubleAnswer {
    DoubleCollection collection = readable(name);
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
    return done();
  }

  private static DoubleAnswer done() {
    return DoubleAnswer.result(Map.of("operation_id", 1, "status", "completed"));
  }

  private DoubleAnswer upsert(String name, DoubleRequest request) throws IOException, DoubleAnswer {
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

  private DoubleAnswer deletePoints(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
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

  private DoubleAnswer retrieve(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    Map<String, @Nullable Object> body = request.json();
    DoubleCollection collection = readable(name);
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

  private DoubleAnswer point(String name, DoubleRequest request) throws DoubleAnswer {
    String id = request.path().get(3);
    Map<String, @Nullable Object> point = readable(name).points().get(PointId.of(id));
    if (point == null) {
      throw DoubleAnswer.error(404, "Not found: Point with id " + id + " does not exists!");
    }
    return DoubleAnswer.result(point);
  }

  private DoubleAnswer count(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    request.json();
    return DoubleAnswer.result(Map.of("count", readable(name).points().size()));
  }

  private DoubleAnswer scroll(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    Map<String, @Nullable Object> body = request.json();
    int limit = body.get("limit") instanceof Number number ? number.intValue() : 10;
    if (limit < 1) {
      throw DoubleAnswer.error(422, "Validation error in JSON body: [limit: value 0 invalid]");
    }
    var points = readable(name).points();
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

  private DoubleSearch search(String name) throws DoubleAnswer {
    return new DoubleSearch(readable(name).points().values(), unsearchable);
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

  private DoubleAnswer createSnapshot(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    boolean wait = request.query("wait", "true").equals("true");
    if (!wait && store.find(name) == null) {
      return DoubleAnswer.accepted();
    }
    Object made = snapshots.create(store.target(name), store.get(name));
    return wait ? DoubleAnswer.result(made) : DoubleAnswer.accepted();
  }

  private DoubleAnswer deleteSnapshot(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    store.get(name);
    String snapshot = request.path().get(3);
    if (!snapshots.delete(store.target(name), snapshot)) {
      throw DoubleAnswer.error(404, "Not found: Snapshot " + snapshot + " not found");
    }
    return request.query("wait", "true").equals("true")
        ? DoubleAnswer.result(true)
        : DoubleAnswer.accepted();
  }

  private DoubleAnswer download(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    if (store.find(name) == null) {
      throw DoubleAnswer.plain(404, "Not found: Collection `" + name + "` doesn't exist!");
    }
    String snapshot = request.path().get(3);
    Path file = snapshots.find(store.target(name), snapshot);
    if (file == null) {
      throw DoubleAnswer.plain(404, "Not found: Snapshot " + snapshot + " not found");
    }
    return described(part(file, request), file);
  }

  private static DoubleAnswer described(DoubleAnswer answer, Path file) throws IOException {
    return answer
        .with("content-disposition", "attachment; filename=\"" + file.getFileName() + "\"")
        .with("etag", tag(file))
        .with("accept-ranges", "bytes");
  }

  private static String tag(Path file) throws IOException {
    Object inode = Files.getAttribute(file, "unix:ino");
    return String.format(
        Locale.ROOT,
        "\"%s:%x:%x\"",
        inode,
        Files.size(file),
        Files.getLastModifiedTime(file).toMillis());
  }

  private static DoubleAnswer part(Path file, DoubleRequest request) throws IOException {
    long size = Files.size(file);
    String match = request.header("if-match");
    if (!match.isEmpty() && !match.equals(tag(file))) {
      return DoubleAnswer.text(412, "application/octet-stream", "");
    }
    Matcher range = RANGE.matcher(request.header("range"));
    if (!range.matches()) {
      return DoubleAnswer.file(200, file, 0, size);
    }
    boolean suffix = range.group(1).isEmpty();
    long start =
        suffix
            ? Math.max(0, size - Long.parseLong(range.group(2)))
            : Long.parseLong(range.group(1));
    long end =
        suffix || range.group(2).isEmpty()
            ? size
            : Math.min(size, Long.parseLong(range.group(2)) + 1);
    if (start >= size) {
      return DoubleAnswer.text(416, "application/octet-stream", "")
          .with("content-range", "bytes */" + size);
    }
    return DoubleAnswer.file(end - start == size ? 200 : 206, file, start, end - start)
        .with("content-range", "bytes " + start + "-" + (end - 1) + "/" + size);
  }

  private DoubleAnswer upload(String name, DoubleRequest request) throws IOException, DoubleAnswer {
    DoubleUpload upload = DoubleUpload.read(request, snapshots);
    String wanted = request.query("checksum", "").toLowerCase(Locale.ROOT);
    String digest = DoubleSnapshots.digest(upload.spooled());
    if (!wanted.isEmpty() && !wanted.equals(digest)) {
      Files.delete(upload.spooled());
      // The two words are the wrong way round in the original.
      throw DoubleAnswer.error(400, "Checksum mismatch: expected " + digest + ", actual " + wanted);
    }
    // By the name in the path, also when that is an alias.
    Path kept = snapshots.keep(name, upload.name(), upload.spooled());
    restore.restore(target(name), kept);
    return waited(request);
  }

  private DoubleAnswer recover(String name, DoubleRequest request)
      throws IOException, DoubleAnswer {
    Map<String, @Nullable Object> body = request.json();
    if (!(body.get("location") instanceof String location)) {
      throw DoubleAnswer.error(400, "Format error in JSON body: missing field `location`");
    }
    if (!location.matches("[a-z]+:.*")) {
      throw DoubleAnswer.error(
          400, "Format error in JSON body: relative URL without a base: \"" + location + "\"");
    }
    Path file = local(location);
    Object checksum = body.get("checksum");
    String digest = DoubleSnapshots.digest(file);
    if (checksum != null && !checksum.toString().equalsIgnoreCase(digest)) {
      throw DoubleAnswer.error(
          400, "Wrong input: Snapshot checksum mismatch: expected " + checksum + ", got " + digest);
    }
    restore.restore(target(name), file);
    return waited(request);
  }

  private Path local(String location) throws DoubleAnswer {
    if (!location.startsWith("file:///")) {
      throw DoubleAnswer.error(
          403, "Forbidden: Snapshot recovery from remote URLs is disabled in the configuration");
    }
    Path file = Path.of(URI.create(location).getPath()).normalize();
    if (!file.startsWith(snapshots.directory().toAbsolutePath().normalize())) {
      throw DoubleAnswer.error(
          403,
          "Forbidden: Snapshot file path must be inside the snapshots directory \""
              + snapshots.directory()
              + "\"");
    }
    if (!Files.exists(file)) {
      throw DoubleAnswer.error(400, "Bad request: Snapshot file \"" + file + "\" does not exist");
    }
    return file;
  }

  private String target(String name) {
    synchronized (store) {
      return store.target(name);
    }
  }

  private static DoubleAnswer waited(DoubleRequest request) {
    return request.query("wait", "true").equals("true")
        ? DoubleAnswer.result(true)
        : DoubleAnswer.accepted();
  }
}
