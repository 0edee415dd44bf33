package dev.openmemory.backup.internal.qdrant.server;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against what a Qdrant 1.18.3 answered. */
class RecordedAnswersTest {
  private static final String NAME = "openmemory-6050422268733758-2026-11-22-19-22-39.snapshot";
  private static final String SHA256 =
      "ee9de55e1bc509f0d532a0936e59c5122e49438020508e29985878ac160504ca";
  private static final SnapshotInfo LISTED =
      new SnapshotInfo(
          NAME, 29373952, Optional.of(SHA256), Optional.of(Instant.parse("2026-11-22T19:22:39Z")));

  @TempDir Path folder;

  private interface Use<T> {
    T of(QdrantClient client) throws IOException;
  }

  private static <T> T with(Use<T> use, String... recordings) throws IOException {
    try (ReplayServer server = ReplayServer.of(recordings);
        QdrantClient client = Waits.client(server.uri())) {
      return use.of(client);
    }
  }

  private static BackupException failing(Use<?> use, String... recordings) {
    return failureOf(() -> with(use, recordings));
  }

  @Test
  void theVersionIsThatOfTheServer() throws Exception {
    assertThat(with(QdrantClient::version, "001-root")).isEqualTo("1.18.3");
  }

  @Test
  void collectionsAreListed() throws Exception {
    assertThat(with(QdrantClient::collections, "027-collections")).containsExactly("openmemory");
    assertThat(with(QdrantClient::collections, "005-collections-empty")).isEmpty();
  }

  @Test
  void aCollectionIsDescribedAsFarAsARestoreDependsOnIt() throws Exception {
    assertThat(
            RecordedAnswersTest.<Optional<CollectionInfo>>with(
                client -> client.collection("openmemory"), "029-collection-info"))
        .contains(
            new CollectionInfo(
                "openmemory", Map.of("size", 1536, "distance", "Cosine", "on_disk", false), 1, 0));
    assertThat(
            RecordedAnswersTest.<Optional<CollectionInfo>>with(
                client -> client.collection("openmemory"), "008-collection-unknown"))
        .isEmpty();
  }

  @Test
  void aliasesAreListedAndMade() throws Exception {
    Alias alias = new Alias("memories", "openmemory");
    assertThat(with(QdrantClient::aliases, "043-aliases")).containsExactly(alias);
    with(
        client -> {
          client.putAlias(alias);
          return alias;
        },
        "006-aliases-empty",
        "042-alias-create");
  }

  @Test
  void pointsAreCounted() throws Exception {
    assertThat(
            RecordedAnswersTest.<Long>with(client -> client.count("openmemory"), "031-count-exact"))
        .isEqualTo(2001);
  }

  @Test
  void pointsAreReadWithTheirUser() throws Exception {
    List<VectorStore.Point> points = new ArrayList<>();
    with(
        client -> {
          client.points("openmemory", points::add);
          return points;
        },
        "037-scroll-with-payload",
        "036-scroll-ids-page3-last");
    assertThat(points.get(0).id()).isNotEmpty();
    assertThat(points.get(0).user()).isNotEmpty();
    assertThat(points.get(points.size() - 1).user()).isEmpty();
  }

  @Test
  void snapshotsAreListedAndUploadedOnesHaveNoChecksum() throws Exception {
    assertThat(
            RecordedAnswersTest.<List<SnapshotInfo>>with(
                client -> client.snapshots("openmemory"), "052-snapshots-list"))
        .containsExactly(LISTED);
    assertThat(
            RecordedAnswersTest.<List<SnapshotInfo>>with(
                client -> client.snapshots("openmemory"), "124-snapshots-list-after-upload"))
        .singleElement()
        .satisfies(snapshot -> assertThat(snapshot.sha256()).isEmpty());
  }

  @Test
  void aSnapshotIsMadeAndRemoved() throws Exception {
    assertThat(
            RecordedAnswersTest.<SnapshotInfo>with(
                client -> client.createSnapshot("openmemory"),
                "050-snapshots-list-empty",
                "051-snapshot-create"))
        .isEqualTo(LISTED);
    with(
        client -> {
          client.deleteSnapshot("openmemory", NAME);
          return NAME;
        },
        "079-snapshot-delete");
  }

  @Test
  void aRemovedSnapshotIsNotFound() {
    BackupException failure =
        failing(
            client -> {
              client.deleteSnapshot("openmemory", NAME);
              return NAME;
            },
            "080-snapshot-delete-again");
    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure).hasMessageContaining("Not found: Snapshot " + NAME + " not found");
  }

  @Test
  void anUnknownCollectionIsNotFound() {
    assertThat(failing(client -> client.count("openmemory"), "010-count-unknown").kind())
        .isEqualTo(Kind.NOT_FOUND);
    assertThat(
            failing(
                    client -> client.createSnapshot("openmemory"),
                    "012-snapshots-list-unknown-collection")
                .kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"198-key-none-collections", "199-key-wrong-collections"})
  void withoutTheRightKeyItIsDeniedInTheWordsOfTheServer(String recording) throws Exception {
    BackupException failure = failing(QdrantClient::collections, recording);

    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure.fact()).startsWith("refused with status 401: ").contains("API key");
  }

  @Test
  void aReadOnlyKeyMakesNoSnapshot() {
    BackupException failure =
        failing(
            client -> client.createSnapshot("openmemory"),
            "050-snapshots-list-empty",
            "216-key-ro-snapshot-create");
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure).hasMessageContaining("Global manage access is required");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /collections/openmemory, 021-collection-create-again, ALREADY_EXISTS",
    "POST, /collections/openmemory/points/scroll, 038-scroll-limit-0, INVALID"
  })
  void statusesMeanWhatTheySay(String method, String path, String recording, Kind kind)
      throws Exception {
    try (ReplayServer server = ReplayServer.of(recording);
        Transport transport = Waits.transport(server.uri())) {
      BackupException failure =
          failureOf(() -> transport.change(Request.json("test", method, path, Map.of())));
      assertThat(failure.kind()).isEqualTo(kind);
    }
  }

  @Test
  void aCountWaitsWhileAShardIsReplaced() throws Exception {
    assertThat(
            RecordedAnswersTest.<Long>with(
                client -> client.count("openmemory"),
                "303-count-while-recovering",
                "303-count-while-recovering",
                "031-count-exact"))
        .isEqualTo(2001);
    assertThat(
            RecordedAnswersTest.<Optional<CollectionInfo>>with(
                client -> client.collection("openmemory"),
                "305-collection-info-while-recovering",
                "029-collection-info"))
        .isPresent();
  }

  private Use<String> upload(String collection) throws IOException {
    Path file = Files.writeString(folder.resolve("a.snapshot"), "content");
    return client -> {
      client.upload(collection, file, SHA256, sent -> {});
      return collection;
    };
  }

  @Test
  void anUploadIsTakenAfterTheFewBytesThatGoBefore() throws Exception {
    try (ReplayServer server =
            ReplayServer.of(
                "123-aliases-after-upload",
                "099-upload-checksum-mismatch",
                "008-collection-unknown",
                "119-upload-into-empty-server",
                "050-snapshots-list-empty");
        QdrantClient client = Waits.client(server.uri())) {
      upload("openmemory").of(client);

      assertThat(server.requests())
          .filteredOn(request -> request.startsWith("POST"))
          .containsExactly(
              "POST /collections/openmemory/snapshots/upload?wait=true&priority=snapshot&checksum="
                  + "0".repeat(64),
              "POST /collections/openmemory/snapshots/upload?wait=true&priority=snapshot&checksum="
                  + SHA256);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "099-upload-checksum-mismatch, CORRUPT",
    "103-upload-truncated-half, CORRUPT",
    "109-upload-garbage, CORRUPT",
    "110-upload-empty-file, CORRUPT"
  })
  void damageIsFoundByTheServer(String recording, Kind kind) throws Exception {
    BackupException failure =
        failing(
            upload("openmemory"),
            "123-aliases-after-upload",
            "099-upload-checksum-mismatch",
            "008-collection-unknown",
            recording,
            "050-snapshots-list-empty");
    assertThat(failure.kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"154-upload-incompatible-dim", "156-upload-incompatible-shards"})
  void aCollectionOfAnotherShapeIsInconsistent(String recording) throws Exception {
    String words = ReplayServer.error(recording);

    BackupException failure = Refusal.of("upload snapshot", "", 400, words).ofRestore();

    assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
    assertThat(failure.fact()).contains("not compatible");
  }

  @ParameterizedTest
  @ValueSource(strings = {"218-key-ro-upload", "219-key-none-upload"})
  void whoMayNotUploadIsDeniedBeforeTheFileIsSent(String recording) throws Exception {
    BackupException failure =
        failing(
            upload("openmemory"),
            "123-aliases-after-upload",
            recording,
            "198-key-none-collections",
            "050-snapshots-list-empty");
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
  }

  @ParameterizedTest
  @CsvSource({
    "167-recover-file-checksum-mismatch, CORRUPT",
    "168-recover-file-missing, NOT_FOUND",
    "169-recover-file-outside, DENIED",
    "176-recover-http-404, INVALID",
    "177-recover-http-refused, FAILED",
    "229-recover-http-disabled, DENIED"
  })
  void aRecoveryFailsWithItsReason(String recording, Kind kind) {
    BackupException failure =
        failing(
            client -> {
              client.recover(
                  "openmemory",
                  URI.create("file:///qdrant/snapshots/openmemory/x.snapshot"),
                  Optional.empty(),
                  Optional.empty());
              return kind;
            },
            "123-aliases-after-upload",
            "029-collection-info",
            recording);
    assertThat(failure.kind()).isEqualTo(kind);
  }

  @Test
  void aRecoveryIsDone() throws Exception {
    with(
        client -> {
          client.recover(
              "openmemory",
              URI.create("file:///qdrant/snapshots/openmemory/mine.snapshot"),
              Optional.of(SHA256),
              Optional.empty());
          return SHA256;
        },
        "123-aliases-after-upload",
        "008-collection-unknown",
        "164-recover-file");
  }

  @Test
  void anUnknownSnapshotIsNotFound() {
    SnapshotInfo unknown = new SnapshotInfo("nope.snapshot", 1, Optional.empty(), Optional.empty());
    BackupException failure =
        failing(client -> client.download("openmemory", unknown), "069-snapshot-download-unknown");
    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure.fact()).contains("Snapshot nope.snapshot not found");
  }

  @Test
  void aDownloadThatIsShorterThanListedIsRefusedAtOnce() throws Exception {
    String path = "/collections/openmemory/snapshots/" + NAME;
    try (ReplayServer server =
            ReplayServer.of("053-snapshot-download").binary(path, new byte[1000]);
        QdrantClient client = Waits.client(server.uri())) {
      BackupException failure = failureOf(() -> client.download("openmemory", LISTED));
      assertThat(failure.kind()).isEqualTo(Kind.INCONSISTENT);
    }
  }

  @Test
  void theKeyIsShownAndInNoMessage() throws Exception {
    try (ReplayServer server = ReplayServer.of("199-key-wrong-collections");
        QdrantClient client = Waits.client(server.uri(), "s3cret-" + UUID.randomUUID())) {
      BackupException failure = failureOf(client::collections);
      assertThat(server.keys()).singleElement().asString().startsWith("s3cret-");
      assertThat(failure).hasMessageNotContaining("s3cret");
    }
  }
}
