package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.qdrant.Examined;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A running Qdrant (1.8 to 1.19). Every failure is a {@link BackupException} that names the server
 * without its key: {@code DENIED} for 401 and 403, {@code NOT_FOUND} for 404, {@code
 * ALREADY_EXISTS} for 409, {@code INVALID} for 422, {@code NO_SPACE} for 507 ...
 *
 * <p>Not thread-safe. Every call ends promptly with {@code CANCELLED}.
 */
public final class QdrantClient implements VectorStore {
  private final Transport transport;
  private final CallWatch watch = new CallWatch("openmemory-backup-qdrant-watch");

  private QdrantClient(Transport transport) {
    this.transport = transport;
  }

  /** A client of the server at the {@code http} or {@code https} address; asks nothing. */
  public static QdrantClient of(URI address, Optional<ApiKey> key, Cancellation cancellation)
      throws BackupException {
    return of(address, key, cancellation, Timings.DEFAULT, Waiter.SLEEP, System::nanoTime);
  }

  /** As the other, with waits that suit tests. */
  static QdrantClient of(
      URI address,
      Optional<ApiKey> key,
      Cancellation cancellation,
      Timings timings,
      Waiter waiter,
      LongSupplier nanoClock)
      throws BackupException {
    return new QdrantClient(
        new Transport(Address.of(address), key, timings, cancellation, waiter, nanoClock));
  }

  /** The address, without any user information. */
  @Override
  public String location() {
    return transport.location();
  }

  @Override
  public String version() throws IOException {
    JsonObject root = transport.read(Request.get("read version", "/")).document();
    if (!root.has("version")) {
      throw Kind.INVALID.failure("read version", location(), "does not answer as Qdrant does");
    }
    return root.string("version");
  }

  /** Whether it answers at once to a client with this key. */
  public boolean serves() throws IOException {
    return succeeds("/collections");
  }

  /**
   * Whether it serves, and has taken in all that its log holds. Its status stays grey until the
   * next write; only the queues tell.
   */
  public boolean isReady() throws IOException {
    if (!succeeds("/readyz")) {
      return false;
    }
    for (String name : collections()) {
      if (RestoreWatch.queued(transport, name) > 0) {
        return false;
      }
    }
    return true;
  }

  private boolean succeeds(String path) throws BackupException {
    try {
      transport.readOnce(Request.get("look for Qdrant", path));
      return true;
    } catch (BackupException e) {
      e.throwIfCancelled();
      return false;
    }
  }

  /** The cluster that the server belongs to; empty when it is alone. */
  public Optional<Cluster> cluster() throws IOException {
    Optional<Answer> answer = transport.find(Request.get("read cluster", "/cluster"));
    return answer.isPresent() ? Cluster.of(answer.get()) : Optional.empty();
  }

  /** The names of all collections, sorted. */
  @Override
  public List<String> collections() throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonObject entry : result("list collections", "/collections").objects("collections")) {
      names.add(entry.string("name"));
    }
    names.sort(Comparator.naturalOrder());
    return List.copyOf(names);
  }

  /** The collection of that name, or empty. */
  public Optional<CollectionInfo> collection(String name) throws IOException {
    Optional<Answer> answer = transport.find(CollectionInfo.request(name));
    return answer.isPresent()
        ? Optional.of(CollectionInfo.of(name, answer.get().document().object("result")))
        : Optional.empty();
  }

  /** All aliases, sorted by name. */
  public List<Alias> aliases() throws IOException {
    List<Alias> aliases = new ArrayList<>();
    for (JsonObject entry : result("list aliases", "/aliases").objects("aliases")) {
      aliases.add(new Alias(entry.string("alias_name"), entry.string("collection_name")));
    }
    aliases.sort(Comparator.comparing(Alias::name));
    return List.copyOf(aliases);
  }

  /** Makes the alias, or lets it name another collection. */
  public void putAlias(Alias alias) throws IOException {
    List<Object> actions = new ArrayList<>();
    // Creating an existing one fails; in one request no client sees the state between.
    if (aliases().stream().anyMatch(known -> known.name().equals(alias.name()))) {
      actions.add(Alias.deletion(alias.name()));
    }
    actions.add(alias.creation());
    changeAliases("create alias", actions);
  }

  /** Removes the alias; the collection stays. */
  public void deleteAlias(String name) throws IOException {
    changeAliases("delete alias", List.of(Alias.deletion(name)));
  }

  private void changeAliases(String operation, List<Object> actions) throws BackupException {
    transport.change(
        Request.json(operation, "POST", "/collections/aliases", Map.of("actions", actions)));
  }

  public long count(String collection) throws IOException {
    Request request =
        Request.json(
            "count points",
            "POST",
            Address.collection(collection) + "/points/count",
            Map.of("exact", true));
    return transport.read(request).document().object("result").size("count");
  }

  /** All points in the order of their ids: numbers first, then UUIDs by their 128 bits. */
  @Override
  public void points(String collection, Points points) throws IOException {
    new PointScroll(transport, collection).read(points);
  }

  /**
   * Reads all points with payload and vectors, and searches for some by their own vectors.
   *
   * @param version of the server
   * @param count how many points there are, for an even choice
   * @param ids takes each point, in the order of {@link #points}
   */
  public Examined examine(String collection, String version, long count, Points ids)
      throws IOException {
    return new PointExamination(transport, collection, version, count, ids).run();
  }

  @Override
  public void pointsWithTexts(String collection, Points points) throws IOException {
    PointScroll.withTexts(transport, collection).read(points);
  }

  /** The points of a collection with payload and vectors, by id; asks nothing yet. */
  public WholePoints whole(String collection) {
    return new WholePoints(transport, collection);
  }

  /** Waits until nothing that is written down waits to be applied. */
  public void awaitApplied(String collection) throws IOException {
    RestoreWatch.awaitApplied(transport, collection);
  }

  /** The snapshots of a collection that the server keeps, oldest first. */
  public List<SnapshotInfo> snapshots(String collection) throws IOException {
    return SnapshotList.read(transport, collection).snapshots();
  }

  /**
   * Makes a snapshot. Never two of a collection within one second: they would get the same name. A
   * time-out is not sent again but polled for.
   */
  public SnapshotInfo createSnapshot(String collection) throws IOException {
    return new SnapshotCreation(transport, collection).create();
  }

  /**
   * The bytes of a snapshot. A connection that breaks is taken up where it broke; at the end size
   * and checksum are compared, and {@code CORRUPT} comes instead of the end when they differ.
   */
  public InputStream download(String collection, SnapshotInfo snapshot) throws IOException {
    return SnapshotStream.open(transport, watch, collection, snapshot);
  }

  /** Removes a snapshot; one that is gone already is {@code NOT_FOUND}. */
  public void deleteSnapshot(String collection, String name) throws IOException {
    String path = Address.snapshot(collection, name) + "?wait=true";
    transport.change(Request.plain("delete snapshot", "DELETE", path));
  }

  /**
   * Makes the collection what the snapshot is, or creates it; a checksum is always sent. The file
   * that the server keeps of it is removed, also after a failure. A time-out is polled for, never
   * sent again.
   *
   * @param sha256 of the file, lower-case hex
   * @param sent gets the number of bytes so far
   * @throws BackupException of kind {@code INCONSISTENT} when the existing collection has another
   *     vectors config or number of shards, {@code CORRUPT} when the server finds the bytes
   *     damaged; the collection is as it was then
   */
  public void upload(String collection, Path file, String sha256, Consumer<Long> sent)
      throws IOException {
    new SnapshotUpload(transport, target(collection)).upload(file, sha256, sent);
  }

  /**
   * The collection of an alias. What is uploaded by an alias is kept in a folder of the alias, from
   * which no request removes it.
   */
  private String target(String collection) throws IOException {
    return aliases().stream()
        .filter(alias -> alias.name().equals(collection))
        .map(Alias::collection)
        .findFirst()
        .orElse(collection);
  }

  /**
   * Makes the collection what the snapshot at a place is that the server itself reads.
   *
   * @param place {@code file:///...} inside its snapshots directory, or {@code http(s)}
   * @param keyOfPlace shown to another Qdrant that is read from
   */
  public void recover(
      String collection, URI place, Optional<String> sha256, Optional<ApiKey> keyOfPlace)
      throws IOException {
    new SnapshotRecovery(transport, target(collection)).recover(place, sha256, keyOfPlace);
  }

  /** Deletes the collection; nothing happens when there is none. */
  public void deleteCollection(String name) throws IOException {
    transport.change(Request.plain("delete collection", "DELETE", Address.collection(name)));
  }

  private JsonObject result(String operation, String path) throws BackupException {
    return transport.read(Request.get(operation, path)).document().object("result");
  }

  /**
   * Ends the threads that worked for it. One of the JDK, which waits for connections, ends when the
   * garbage collector finds that its client is no longer reachable.
   */
  @Override
  public void close() {
    watch.close();
    transport.close();
  }
}
