package dev.openmemory.backup.internal.qdrant.server;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SnapshotUploadTest extends DoubleTest {
  private static final String UPLOAD = "POST .*/upload\\?.*checksum=(?!0000).*";
  private static final String STATE = "GET /collections/openmemory";
  private static final String REAL =
      "000ee2f0ac782c94d892a26f168e0d765b6ed413e53cd6a9f6d7ae3aeb07d7cf";

  private final AtomicLong sent = new AtomicLong();
  private Path file;

  @BeforeEach
  void make() throws IOException {
    file = snapshot();
  }

  private void upload() throws Exception {
    upload(client, COLLECTION);
  }

  private void upload(QdrantClient by, String collection) throws Exception {
    by.upload(collection, file, sha256(file), sent::set);
  }

  private BackupException failure() {
    BackupException failure = failureOf(this::upload);
    return failure;
  }

  @Test
  void theContentsBecomeThoseOfTheSnapshotAndNoFileStays() throws Exception {
    List<String> before = server.ids(COLLECTION);
    server.remove(COLLECTION, new UUID(3, 3).toString());
    server.put(COLLECTION, 99, Map.of());

    upload();

    assertThat(server.ids(COLLECTION)).isEqualTo(before);
    assertNoSnapshotIsLeft();
    assertThat(server.count(UPLOAD)).isEqualTo(1);
  }

  @Test
  void aCollectionThatIsMissingIsMade() throws Exception {
    List<String> before = server.ids(COLLECTION);
    server.deleteCollection(COLLECTION);
    upload();
    assertThat(server.ids(COLLECTION)).isEqualTo(before);
    assertNoSnapshotIsLeft();
  }

  @Test
  void aSnapshotOfARealServerIsTaken() throws Exception {
    Path points = resource("points-50.json");
    file = resource("openmemory-50.snapshot");
    server.knowing(REAL, points);
    upload(client, "real");
    assertThat(client.count("real")).isEqualTo(50);
    assertThat(client.collection("real").orElseThrow().vectors()).containsEntry("size", 4);
  }

  private Path resource(String name) throws IOException {
    return Files.write(folder.resolve(name), ReplayServer.resource("sample/" + name));
  }

  @Test
  void anAliasLeadsToItsCollection() throws Exception {
    server.alias("memories", COLLECTION);
    upload(client, "memories");
    assertThat(server.count("POST /collections/memories/.*")).isZero();
    assertNoSnapshotIsLeft();
  }

  @Test
  void progressIsToldUpToTheEnd() throws Exception {
    List<Long> reported = new ArrayList<>();
    client.upload(COLLECTION, file, sha256(file), reported::add);
    assertThat(reported).isSorted();
    assertThat(reported.get(reported.size() - 1)).isGreaterThanOrEqualTo(Files.size(file));
  }

  @Test
  void anotherVectorsConfigIsInconsistentAndChangesNothing() throws Exception {
    server.createCollection("wide", Map.of("size", 8, "distance", "Cosine"), 1);
    server.put("wide", 1, Map.of());
    BackupException failure = failureOf(() -> upload(client, "wide"));
    assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
    assertThat(server.ids("wide")).containsExactly("1");
    assertNoSnapshotIsLeft();
  }

  @Test
  void anotherNumberOfShardsIsInconsistent() throws Exception {
    server.createCollection(
        "sharded", Map.of("size", 4, "distance", "Cosine", "on_disk", false), 2);
    BackupException failure = failureOf(() -> upload(client, "sharded"));
    assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
    assertNoSnapshotIsLeft();
  }

  @Test
  void aFileThatDoesNotHaveItsChecksumIsCorrupt() {
    BackupException failure =
        failureOf(() -> client.upload(COLLECTION, file, "1".repeat(64), sent::set));
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertNoSnapshotIsLeft();
  }

  @Test
  void aCutFileIsCorruptAndNotKept() throws Exception {
    try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(700);
    }
    assertThat(failure().kind()).isEqualTo(Kind.CORRUPT);
    assertThat(client.count(COLLECTION)).isEqualTo(POINTS);
    assertNoSnapshotIsLeft();
  }

  @Test
  void noTarIsCorruptAndNotKept() throws Exception {
    Files.writeString(file, "no tar".repeat(1000));
    assertThat(failure().kind()).isEqualTo(Kind.CORRUPT);
    assertNoSnapshotIsLeft();
  }

  @ParameterizedTest
  @CsvSource({"'', DENIED", "wrong, DENIED", "reader, DENIED"})
  void whoMayNotUploadIsToldSoWhateverTheSize(String key, Kind kind) throws Exception {
    server.requireKey("k");
    server.acceptReadOnlyKey("reader");
    file = large(8L << 20);
    Optional<ApiKey> shown = key.isEmpty() ? Optional.empty() : Optional.of(ApiKey.of(key, ""));
    try (QdrantClient other = Waits.client(server.uri(), shown, new Cancellation())) {
      BackupException failure =
          failureOf(() -> other.upload(COLLECTION, file, "1".repeat(64), sent::set));
      assertThat(failure.kind()).isEqualTo(kind);
    }
    assertThat(server.count(UPLOAD)).isZero();
    assertNoSnapshotIsLeft();
  }

  private Path large(long size) throws IOException {
    Path large = folder.resolve("large");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(size);
    }
    return large;
  }

  @Test
  void aNameThatIsNoneIsInvalid() {
    BackupException failure = failureOf(() -> upload(client, "a/b"));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
  }

  @ParameterizedTest
  @CsvSource({"503, UNAVAILABLE", "507, NO_SPACE", "500, FAILED", "429, UNAVAILABLE"})
  void aRefusalEndsItAndLeavesNothing(int status, Kind kind) {
    server.refuse("POST .*/upload.*", 10, status, "no");
    assertThat(failure().kind()).isEqualTo(kind);
    assertNoSnapshotIsLeft();
  }

  @Test
  void anAnswerThatIsLostIsFoundOut() throws Exception {
    server.put(COLLECTION, 99, Map.of());
    server.lose(UPLOAD, 1, Duration.ofMillis(20));

    upload();

    assertThat(client.count(COLLECTION)).isEqualTo(POINTS);
    assertThat(server.count(UPLOAD)).isEqualTo(1);
    assertNoSnapshotIsLeft();
  }

  @Test
  void aLostAnswerIsFoundOutByTheMomentInWhichNothingCanBeRead() throws Exception {
    server.before(UPLOAD, () -> server.refuse(STATE, 1, 500, QdrantDouble.SHARD_AWAY));
    server.lose(UPLOAD, 1, Duration.ofMillis(20));

    upload();

    assertThat(server.count(UPLOAD)).isEqualTo(1);
    assertNoSnapshotIsLeft();
  }

  @Test
  void aLostAnswerOfACollectionThatWasMissingIsFoundOut() throws Exception {
    server.deleteCollection(COLLECTION);
    server.lose(UPLOAD, 1, Duration.ofMillis(20));
    upload();
    assertThat(client.count(COLLECTION)).isEqualTo(POINTS);
    assertNoSnapshotIsLeft();
  }

  @Test
  void aLateAnswerIsFoundOut() throws Exception {
    server.put(COLLECTION, 99, Map.of());
    String anyName = "openmemory-backup-" + UUID.randomUUID() + ".snapshot";
    long all = new Multipart(anyName).holding(file).contentLength();
    answerTooLate(UPLOAD, STATE, () -> sent.get() == all);
    upload();
    assertThat(client.count(COLLECTION)).isEqualTo(POINTS);
    assertThat(server.count(UPLOAD)).isEqualTo(1);
    assertNoSnapshotIsLeft();
  }

  @Test
  void aProxyThatGaveUpIsNoRefusal() throws Exception {
    use(Waits.HASTY);
    server.refuse(UPLOAD, 1, 504, "gave up");
    assertThat(failure().kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void whatShowsNoSignIsATimeout() throws Exception {
    use(Waits.HASTY);
    server.lose(UPLOAD, 1, Duration.ofSeconds(30));
    BackupException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(server.count(UPLOAD)).isEqualTo(1);
  }

  @Test
  void lostPointsAreForTheCallerToCount() throws Exception {
    server.losePointsOnUpload(3);
    upload();
    assertThat(client.count(COLLECTION)).isEqualTo(POINTS - 3);
  }

  @Test
  void anInterruptWhileItIsSentLeavesNothing() throws Exception {
    file = large(256L << 20);
    Thread caller = Thread.currentThread();
    AtomicBoolean reported = new AtomicBoolean();
    BackupException failure =
        failureOf(
            () ->
                client.upload(
                    COLLECTION,
                    file,
                    "1".repeat(64),
                    count -> {
                      // Once: what is under way goes on sending for a moment.
                      if (count > 1 << 20 && !reported.getAndSet(true)) {
                        caller.interrupt();
                      }
                    }));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    await(() -> server.snapshotFiles().isEmpty());
  }

  @Test
  void aMissingFileIsNotFound() throws Exception {
    String sha256 = sha256(file);
    Files.delete(file);
    BackupException failure = failureOf(() -> client.upload(COLLECTION, file, sha256, sent::set));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void whatTheServerHoldsIsRecovered() throws Exception {
    SnapshotInfo made = client.createSnapshot(COLLECTION);
    server.put(COLLECTION, 99, Map.of());
    Path there = folder.resolve("snapshots").resolve(COLLECTION).resolve(made.name());

    client.recover(COLLECTION, there.toUri(), made.sha256(), Optional.empty());

    assertThat(client.count(COLLECTION)).isEqualTo(POINTS);
    assertThat(client.snapshots(COLLECTION)).containsExactly(made);
  }
}
