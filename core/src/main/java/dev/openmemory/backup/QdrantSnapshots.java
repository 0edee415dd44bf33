package dev.openmemory.backup;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.internal.qdrant.SnapshotDigest;
import dev.openmemory.backup.internal.qdrant.server.ApiKey;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.SnapshotInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * The snapshots of collections that a running Qdrant keeps, as it makes and restores them itself.
 *
 * <p>A snapshot holds one collection with its points, its configuration and its payload indexes,
 * and no alias; it is not a backup of OpenMemory, as the database is not in it.
 *
 * <p>Every failure is a {@link BackupException}: {@code DENIED} without the right key, {@code
 * NOT_FOUND} for an unknown collection or snapshot, {@code UNAVAILABLE} when the server cannot be
 * reached. No failure repeats a key. Not thread-safe.
 */
public final class QdrantSnapshots implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final QdrantClient client;

  private final Cancellation cancellation;

  private QdrantSnapshots(QdrantClient client, Cancellation cancellation) {
    this.client = client;
    this.cancellation = cancellation;
  }

  /**
   * A snapshot that the server keeps.
   *
   * @param size in bytes
   * @param sha256 of its bytes, lower-case hex; empty for a file that was uploaded
   * @param created to the second; empty when the server does not say
   */
  public record Snapshot(
      String name, long size, Optional<String> sha256, Optional<Instant> created) {}

  /**
   * Those of the server at an {@code http} or {@code https} address; asks nothing yet.
   *
   * @param apiKey shown to the server
   * @param cancellation ends every call
   * @throws BackupException of kind {@code INVALID} when the address or the key cannot be one
   */
  public static QdrantSnapshots open(
      URI address, Optional<String> apiKey, Cancellation cancellation) throws BackupException {
    return new QdrantSnapshots(QdrantClient.of(address, key(apiKey), cancellation), cancellation);
  }

  /** As the other, with a key that is the content of a file. */
  public static QdrantSnapshots open(URI address, Path apiKeyFile, Cancellation cancellation)
      throws BackupException {
    ApiKey key = Boundary.call("read API key", apiKeyFile.toString(), () -> ApiKey.in(apiKeyFile));
    return new QdrantSnapshots(
        QdrantClient.of(address, Optional.of(key), cancellation), cancellation);
  }

  private static Optional<ApiKey> key(Optional<String> text) throws BackupException {
    return text.isEmpty() ? Optional.empty() : Optional.of(ApiKey.of(text.get(), "API key"));
  }

  /**
   * The collection that a configuration of OpenMemory names.
   *
   * @param configJson that may not exist
   */
  public static Optional<String> collectionIn(Path configJson) throws BackupException {
    if (!Files.isRegularFile(configJson)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(configJson)) {
      byte[] text =
          ConfigDocument.read(in, configJson.toString(), Kind.INVALID, new Cancellation());
      return ConfigDocument.parse(text).collection();
    } catch (IOException e) {
      throw FileFailure.of("choose collection", configJson, e);
    }
  }

  /** The address of the server. */
  public String location() {
    return client.location();
  }

  /** The names of the collections, sorted. */
  public List<String> collections() throws BackupException {
    return run("list collections", client::collections);
  }

  /** The number of points in a collection; empty when there is no such collection. */
  public OptionalLong points(String collection) throws BackupException {
    try {
      return OptionalLong.of(run("count points", () -> client.count(collection)));
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  /** The snapshots of a collection, oldest first. */
  public List<Snapshot> list(String collection) throws BackupException {
    return snapshots(collection).stream().map(QdrantSnapshots::snapshot).toList();
  }

  /**
   * Makes a snapshot, and waits until it is complete. The server keeps answering and writing
   * meanwhile.
   */
  public Snapshot create(String collection) throws BackupException {
    return snapshot(run("create snapshot", () -> client.createSnapshot(collection)));
  }

  /**
   * The bytes of a snapshot. At the end they are compared with the checksum that the server has, if
   * it has one; {@code CORRUPT} comes instead of the end when they differ.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is none of that name
   */
  public InputStream read(String collection, String name) throws BackupException {
    SnapshotInfo found = find(collection, name);
    return run("read snapshot", () -> client.download(collection, found));
  }

  /**
   * Writes a snapshot to a file that is not there yet, readable for its owner only. It has its name
   * when it is complete and compared. Nothing is left of it after a failure.
   *
   * @param received gets the number of bytes so far
   * @return what was written
   * @throws BackupException of kind {@code ALREADY_EXISTS} when the file is there
   */
  public Snapshot download(String collection, String name, Path file, LongConsumer received)
      throws BackupException {
    SnapshotInfo found = find(collection, name);
    try (NewFile target = NewFile.begin("write snapshot", file);
        InputStream in = client.download(collection, found)) {
      copy(in, target.stream(), received);
      target.publish();
    } catch (IOException e) {
      throw FileFailure.of("write snapshot", file, e);
    }
    return snapshot(found);
  }

  private static void copy(InputStream in, OutputStream out, LongConsumer received)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long total = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      out.write(buffer, 0, count);
      total += count;
      received.accept(total);
    }
  }

  /**
   * Makes the collection what a snapshot in a file is, or creates it. All that is in the collection
   * now is gone then. The server compares the bytes with a checksum before, and does not keep them.
   *
   * @param sent gets the number of bytes so far
   * @throws BackupException of kind {@code INCONSISTENT} when the collection has other vectors than
   *     the snapshot, {@code CORRUPT} when the file is damaged; the collection is as it was then
   */
  public void upload(String collection, Path file, LongConsumer sent) throws BackupException {
    step(
        "upload snapshot",
        () -> client.upload(collection, file, SnapshotDigest.of(file, cancellation), sent::accept));
  }

  /**
   * Makes the collection what a snapshot is that the server reads itself, or creates it.
   *
   * @param location {@code file:///...} inside of its snapshots directory, or {@code http(s)}
   * @param sha256 of the snapshot; without it the server takes also what is damaged
   * @param keyOfLocation shown to another Qdrant that is read from
   */
  public void recover(
      String collection, URI location, Optional<String> sha256, Optional<String> keyOfLocation)
      throws BackupException {
    step(
        "recover snapshot", () -> client.recover(collection, location, sha256, key(keyOfLocation)));
  }

  /** Removes a snapshot. */
  public void delete(String collection, String name) throws BackupException {
    step("delete snapshot", () -> client.deleteSnapshot(collection, name));
  }

  private List<SnapshotInfo> snapshots(String collection) throws BackupException {
    return run("list snapshots", () -> client.snapshots(collection));
  }

  private <T> T run(String operation, Boundary.Call<T> call) throws BackupException {
    return Boundary.call(operation, location(), call);
  }

  private void step(String operation, Boundary.Step step) throws BackupException {
    Boundary.step(operation, location(), step);
  }

  private SnapshotInfo find(String collection, String name) throws BackupException {
    return snapshots(collection).stream()
        .filter(snapshot -> snapshot.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Kind.NOT_FOUND.failure(
                    "find snapshot",
                    location(),
                    "collection " + collection + " has no snapshot " + name));
  }

  private static Snapshot snapshot(SnapshotInfo info) {
    return new Snapshot(info.name(), info.size(), info.sha256(), info.created());
  }

  /** Ends the threads that worked for it. */
  @Override
  public void close() {
    client.close();
  }
}
