package dev.openmemory.backup.testkit.qdrant;

import dev.openmemory.backup.testkit.qdrant.DoubleFaults.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A double of Qdrant on a port of the loopback interface. It answers as was recorded from Qdrant
 * 1.18.3, as far as collections, points, aliases and snapshots go, and misbehaves when told to.
 *
 * <p>Its state is in a directory laid out as Qdrant's storage, which can be copied while it is
 * stopped and started again; the points are in a file of its own. The directory of a real Qdrant
 * starts too, with collections that hold no points. A snapshot of its own is a tar archive with the
 * top-level files of a real one; a real one is taken, with the points that were made {@link
 * #knowing known}, else none.
 *
 * <p>Patterns of misbehaviours are regular expressions for the whole of a method and a path with
 * its query, as in {@code GET /collections/[^/]+/snapshots/.+}. Thread-safe.
 */
public final class QdrantDouble implements AutoCloseable {
  /** What Qdrant answers, with status 500, while a shard is replaced. */
  public static final String SHARD_AWAY =
      "Service internal error: 1 of 1 read operations failed:\n"
          + "  Service internal error: Local shard 0 not found";

  /** The idle time after which Qdrant closes a connection. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

  private final ServerSocket listener;
  private final DoubleStore store;
  private final DoubleSnapshots snapshots;
  private final DoubleRestore restore;
  private final DoubleRoutes routes;
  private final DoubleFaults faults = new DoubleFaults();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private @Nullable Thread accepting;
  private volatile String key = "";
  private volatile String readOnlyKey = "";
  private volatile Duration keepAlive = KEEP_ALIVE;

  private QdrantDouble(ServerSocket listener, DoubleStore store, Path snapshots) {
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
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    QdrantDouble server = new QdrantDouble(listener, store, snapshots);
    server.accepting = server.daemon(server::accept);
    return server;
  }

  private Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "qdrant-double");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        daemon(new DoubleConnection(socket, this));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  /** Where it serves. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** From now on tells that time, which its snapshots are named by. */
  public void clock(Clock clock) {
    snapshots.clock(clock);
  }

  /** From now on asks for a key; empty for none. */
  public void requireKey(String wanted) {
    key = wanted;
  }

  /** From now on takes also a key with which nothing can be changed. */
  public void acceptReadOnlyKey(String accepted) {
    readOnlyKey = accepted;
  }

  /** Closes connections that are idle for so long; 5 s if not told. */
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
    Map<String, @Nullable Object> wanted = new LinkedHashMap<>();
    wanted.put("vectors", vectors);
    wanted.put("shard_number", shards);
    locked(() -> store.create(name, DoubleCollection.config(wanted)));
  }

  /** Deletes a collection with its aliases. */
  public void deleteCollection(String name) {
    locked(() -> store.delete(name));
  }

  /** Makes an alias, or changes it. */
  public void alias(String alias, String collection) {
    locked(
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
    locked(
        () -> {
          DoubleCollection into = store.get(collection);
          into.put(Map.of("id", id, "payload", payload, "vector", List.of(1, 0, 0, 0)));
          into.save();
          return true;
        });
  }

  /** Puts so many points with random ids there. */
  public void fill(String collection, int points) {
    locked(
        () -> {
          DoubleCollection into = store.get(collection);
          for (int i = 0; i < points; i++) {
            into.put(Map.of("id", UUID.randomUUID().toString(), "payload", Map.of("user_id", "u")));
          }
          into.save();
          return true;
        });
  }

  /** Takes a point away. */
  public void remove(String collection, Object id) {
    locked(
        () -> {
          DoubleCollection from = store.get(collection);
          from.points().remove(PointId.of(id));
          from.save();
          return true;
        });
  }

  /** The ids of the points of a collection in their order, as texts. */
  public List<String> ids(String collection) {
    return locked(
        () ->
            store.get(collection).points().keySet().stream()
                .map(id -> String.valueOf(id.json()))
                .toList());
  }

  /** The names of all collections, sorted. */
  public List<String> collections() {
    return locked(store::names);
  }

  /** All aliases and what they stand for. */
  public Map<String, Object> aliases() {
    return locked(() -> new LinkedHashMap<>(store.aliases()));
  }

  /** All files in the directory of snapshots, also uploads that are coming in, sorted. */
  public List<String> snapshotFiles() {
    return locked(
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

  // How it misbehaves.

  /** From now on no search finds the point with that id, a number or the text of a UUID. */
  public void unsearchable(Object id) {
    routes.unsearchable(id);
  }

  /** The next so many requests get that status, in the form that Qdrant has for it. */
  public void refuse(String pattern, int times, int status, String words) {
    boolean plain = status == 401;
    DoubleAnswer answer =
        plain ? DoubleAnswer.text(status, "", words) : DoubleAnswer.error(status, words);
    fault(Kind.ANSWER, pattern, times, 0, Duration.ZERO, Optional.of(answer), () -> {});
  }

  /** The next so many requests get a text that is no JSON. */
  public void refusePlainly(String pattern, int times, int status, String words) {
    DoubleAnswer answer = DoubleAnswer.plain(status, words);
    fault(Kind.ANSWER, pattern, times, 0, Duration.ZERO, Optional.of(answer), () -> {});
  }

  /** Something happens before the next request is answered. */
  public void before(String pattern, Runnable action) {
    fault(Kind.BEFORE, pattern, 1, 0, Duration.ZERO, Optional.empty(), action);
  }

  /** The next so many requests are worked on only after some time; also if the client is gone. */
  public void delay(String pattern, int times, Duration duration) {
    fault(Kind.DELAY, pattern, times, 0, duration, Optional.empty(), () -> {});
  }

  /**
   * The connections of the next so many requests are closed when these have come in; the work is
   * done all the same, after some time.
   */
  public void lose(String pattern, int times, Duration workAfter) {
    fault(Kind.LOSE, pattern, times, 0, workAfter, Optional.empty(), () -> {});
  }

  /** The next so many downloads end after so many bytes, with the connection. */
  public void cut(String pattern, int times, long bytes) {
    fault(Kind.CUT, pattern, times, bytes, Duration.ZERO, Optional.empty(), () -> {});
  }

  /** The next so many downloads fall silent after so many bytes, and end after some time. */
  public void stall(String pattern, int times, long bytes, Duration silence) {
    fault(Kind.STALL, pattern, times, bytes, silence, Optional.empty(), () -> {});
  }

  /** A byte of the next so many downloads is wrong. */
  public void corrupt(String pattern, int times) {
    fault(Kind.CORRUPT, pattern, times, 0, Duration.ZERO, Optional.empty(), () -> {});
  }

  /** Uploads over an existing collection replace its shard for so long. */
  public void replaceShardsFor(Duration duration) {
    restore.replacing(duration);
  }

  /** Uploads lose so many points without a word. */
  public void losePointsOnUpload(int points) {
    restore.losing(points);
  }

  /** Says that it is another version. */
  public void version(String version) {
    routes.version(version);
  }

  /** Says so often that operations wait to be applied, one less each time. */
  public void queue(long operations) {
    routes.queued(operations);
  }

  /** Behaves from now on. */
  public void behave() {
    faults.clear();
    restore.losing(0);
    restore.replacing(Duration.ZERO);
  }

  private void fault(
      Kind kind,
      String pattern,
      int times,
      long bytes,
      Duration duration,
      Optional<DoubleAnswer> answer,
      Runnable action) {
    faults.add(kind, pattern, times, bytes, duration, answer, action);
  }

  // For its connections.

  void checkKey(DoubleRequest request) throws DoubleAnswer {
    if (key.isEmpty()) {
      return;
    }
    String bearer = request.header("authorization").replaceFirst("^Bearer ", "");
    String shown = request.header("api-key").isEmpty() ? bearer : request.header("api-key");
    if (shown.isEmpty()) {
      throw DoubleAnswer.text(401, "", "Must provide an API key or an Authorization bearer token");
    }
    boolean readOnly = !readOnlyKey.isEmpty() && shown.equals(readOnlyKey);
    if (!readOnly && !shown.equals(key)) {
      throw DoubleAnswer.text(401, "", "Invalid API key or JWT");
    }
    if (readOnly && !DoubleRoutes.isRead(request)) {
      String words = "Forbidden: Global manage access is required";
      throw DoubleRoutes.isUpload(request)
          ? DoubleAnswer.plain(403, words)
          : DoubleAnswer.error(403, words);
    }
  }

  DoubleRoutes routes() {
    return routes;
  }

  DoubleFaults faults() {
    return faults;
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
    sockets.remove(socket);
  }

  private interface Work<T> {
    T run() throws IOException, DoubleAnswer;
  }

  private <T> T locked(Work<T> work) {
    synchronized (store) {
      try {
        return work.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (DoubleAnswer e) {
        throw new IllegalArgumentException("the double answers " + e.status(), e);
      }
    }
  }

  /** Stops; connections end at once. */
  @Override
  public void close() throws IOException {
    listener.close();
    awaitNoMoreConnections();
    for (Socket socket : new ArrayList<>(sockets)) {
      socket.close();
    }
  }

  /** A listener that somebody waits at goes on listening until he has noticed. */
  private void awaitNoMoreConnections() {
    try {
      if (accepting != null) {
        accepting.join(Duration.ofSeconds(10).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
