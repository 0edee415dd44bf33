package dev.openmemory.backup.testkit.qdrant;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A double of Qdrant on a port of the loopback interface. It answers as was recorded from Qdrant
 * 1.18.3, as far as collections, points, aliases and snapshots go, and misbehaves when asked to.
 *
 * <p>Its state is in a directory laid out as Qdrant's storage, which can be copied while it is
 * stopped and started again; the points are in a file of its own. The directory of a real Qdrant
 * starts too, with collections that hold no points. A snapshot of its own is a tar archive with the
 * top-level files of a real one; a real one is taken, with the points that were made {@link
 * #knowing known}, else none.
 *
 * <p>Thread-safe.
 */
public final class QdrantDouble extends DoubleMisbehaviour implements AutoCloseable {
  /** What Qdrant answers, with status 500, while a shard is replaced. */
  public static final String SHARD_AWAY =
      "Service internal error: 1 of 1 read operations failed:\n"
          + "  Service internal error: Local shard 0 not found";

  /** The idle time after which Qdrant closes a connection. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

  private final DoubleListener listener;
  private final DoubleStore store;
  private final DoubleSnapshots snapshots;
  private final DoubleRestore restore;
  private final DoubleRoutes routes;
  private final DoubleKeys keys = new DoubleKeys();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Duration keepAlive = KEEP_ALIVE;

  private QdrantDouble(DoubleListener listener, DoubleStore store, Path snapshots) {
    this.listener = listener;
    this.store = store;
    this.snapshots = new DoubleSnapshots(snapshots);
    this.restore = new DoubleRestore(store);
    this.routes = new DoubleRoutes(store, this.snapshots, restore);
  }

  /**
   * Starts one with the state in a directory, on a free port.
   *
   * @param storage made when it is not there; snapshots are in {@code snapshots} beside it
   */
  public static QdrantDouble start(Path storage) throws IOException {
    return start(storage, storage.resolveSibling("snapshots"), "127.0.0.1", 0);
  }

  /** Starts one at an address; port 0 is a free one. */
  public static QdrantDouble start(Path storage, Path snapshots, String host, int port)
      throws IOException {
    DoubleStore store = DoubleStore.open(storage);
    Files.createDirectories(snapshots);
    QdrantDouble server = new QdrantDouble(DoubleListener.bind(host, port), store, snapshots);
    server.listener.start(server);
    return server;
  }

  /** Where it serves. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + listener.port());
  }

  /** Sets the time that its snapshots are named by. */
  public void clock(Clock clock) {
    snapshots.clock(clock);
  }

  /** From now on asks for a key; empty for none. */
  public void requireKey(String wanted) {
    keys.require(wanted);
  }

  /** From now on takes also a key with which nothing can be changed. */
  public void acceptReadOnlyKey(String accepted) {
    keys.acceptReadOnly(accepted);
  }

  /** Closes connections that are idle for so long; 5 s by default. */
  public void closeIdleAfter(Duration idle) {
    keepAlive = idle;
  }

  // What it holds.

  /** Makes a collection with one vector of 4 dimensions, as mem0 makes its own. */
  public void createCollection(String name) {
    createCollection(name, Map.of("size", 4, "distance", "Cosine", "on_disk", false), 1);
  }

  /** Makes a collection. */
  public void createCollection(String name, Map<String, Object> vectors, int shards) {
    store.locked(
        () ->
            store.create(
                name, DoubleCollection.config(Map.of("vectors", vectors, "shard_number", shards))));
  }

  /** Deletes a collection with its aliases. */
  public void deleteCollection(String name) {
    store.locked(() -> store.delete(name));
  }

  /** Makes an alias, or changes it. */
  public void alias(String alias, String collection) {
    store.locked(
        () -> {
          store.aliases().put(alias, collection);
          store.saveAliases();
          return true;
        });
  }

  /** Puts a point there, with a {@code user_id} in its payload. */
  public void put(String collection, UUID id, String user) {
    put(collection, id.toString(), Map.of("user_id", user));
  }

  /**
   * Puts a point there.
   *
   * @param id a number, or the text of a UUID
   */
  public void put(String collection, Object id, Map<String, Object> payload) {
    store.change(collection, into -> into.put(point(id, payload)));
  }

  /** Puts so many points with random ids there. */
  public void fill(String collection, int points) {
    store.change(
        collection,
        into -> {
          for (int i = 0; i < points; i++) {
            into.put(point(UUID.randomUUID().toString(), Map.of("user_id", "u")));
          }
        });
  }

  private static Map<String, Object> point(Object id, Map<String, Object> payload) {
    return Map.of("id", id, "payload", payload, "vector", List.of(1, 0, 0, 0));
  }

  /** Takes a point away. */
  public void remove(String collection, Object id) {
    store.change(collection, from -> from.points().remove(PointId.of(id)));
  }

  /** The ids of the points of a collection in their order, as texts. */
  public List<String> ids(String collection) {
    return store.locked(
        () ->
            store.get(collection).points().keySet().stream()
                .map(id -> String.valueOf(id.json()))
                .toList());
  }

  /** The names of all collections, sorted. */
  public List<String> collections() {
    return store.locked(store::names);
  }

  /** All aliases and their collections. */
  public Map<String, Object> aliases() {
    return store.locked(() -> new LinkedHashMap<>(store.aliases()));
  }

  /** All files in the directory of snapshots, also uploads that are coming in, sorted. */
  public List<String> snapshotFiles() {
    return store.locked(
        () -> {
          Path directory = snapshots.directory();
          try (Stream<Path> files = Files.walk(directory)) {
            return files
                .filter(Files::isRegularFile)
                .map(file -> directory.relativize(file).toString())
                .sorted()
                .toList();
          }
        });
  }

  /** New snapshots have the bytes of that one, whatever the collection holds. */
  public void snapshotsAre(Path made) {
    snapshots.are(made);
  }

  /** A snapshot of this digest, made by a real Qdrant, holds the points of that scroll page. */
  public void knowing(String sha256, Path points) {
    restore.knowing(sha256, points);
  }

  // What it was asked.

  /** All requests so far: method and path with query. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many of the requests so far match. */
  public long count(String pattern) {
    return requests.stream().filter(request -> request.matches(pattern)).count();
  }

  // How it misbehaves, beside what its base has.

  /** From now on no search finds the point with that id, a number or the text of a UUID. */
  public void unsearchable(Object id) {
    routes.unsearchable(id);
  }

  /** Uploads lose so many points without a word. */
  public void losePointsOnUpload(int points) {
    restore.losing(points);
  }

  /** Says that it is another version. */
  public void version(String version) {
    routes.version(version);
  }

  /**
   * Says that it is a node of a cluster; its points stay its own.
   *
   * @param node its id
   * @param peers the ids of all nodes
   */
  public void cluster(long node, Set<Long> peers) {
    Map<String, Object> uris = new TreeMap<>();
    peers.forEach(peer -> uris.put("" + peer, Map.of("uri", "http://node-" + peer + ":6335/")));
    routes.cluster(Map.of("status", "enabled", "peer_id", node, "peers", uris));
  }

  /** Says so often that operations wait to be applied, one less each time. */
  public void queue(long operations) {
    routes.queued(operations);
  }

  /** Behaves as recorded from now on. */
  public void clearFaults() {
    faults().clear();
    restore.losing(0);
  }

  // For its connections.

  DoubleKeys keys() {
    return keys;
  }

  DoubleRoutes routes() {
    return routes;
  }

  Instant now() {
    return snapshots.now();
  }

  Duration keepAlive() {
    return keepAlive;
  }

  void log(String request) {
    requests.add(request);
  }

  void closed(Socket socket) {
    listener.closed(socket);
  }

  /** Stops; connections end at once. */
  @Override
  public void close() throws IOException {
    listener.close();
  }
}
