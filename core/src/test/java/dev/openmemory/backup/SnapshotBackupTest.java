package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.sample.DoubleServerProvider;
import dev.openmemory.backup.sample.GateControlProvider;
import dev.openmemory.backup.sample.MemoryRows;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Backups of a running Qdrant by snapshots, whole: made, compared, and taken back. */
class SnapshotBackupTest extends SampleBackupFixture {
  private static final BackupName FIRST = new BackupName("first");
  private static final String MEMORIES = "openmemory";
  private static final String DOWNLOAD = "GET /collections/[^/]+/snapshots/.+";

  private final List<QdrantDouble> servers = new ArrayList<>();
  private MemoryRows rows;
  private QdrantDouble server;

  @BeforeEach
  void install() throws Exception {
    rows = new MemoryRows(sample.database());
    server = newServer("first-server");
    server.createCollection(MEMORIES);
    for (String id : rows.ids()) {
      server.put(MEMORIES, UUID.fromString(id), "alice");
    }
    server.createCollection("my memories, é");
    server.fill("my memories, é", 3);
    server.alias("memories", MEMORIES);
  }

  @AfterEach
  void close() throws IOException {
    for (QdrantDouble started : servers) {
      started.close();
    }
  }

  private QdrantDouble newServer(String name) throws IOException {
    QdrantDouble started = QdrantDouble.start(temp.resolve(name).resolve("storage"));
    servers.add(started);
    return started;
  }

  private Installation at(QdrantDouble qdrant) {
    return Installation.at(sample.home()).withSnapshots(Snapshots.of(qdrant.uri()));
  }

  private Installation at(Snapshots snapshots) {
    return Installation.at(sample.home()).withSnapshots(snapshots);
  }

  private BackupReport backup() throws IOException {
    return backups.create(at(server), BackupRequest.named("first"));
  }

  private static Facts vectors(BackupReport report) {
    return report.manifest().component("vectors").orElseThrow().facts();
  }

  private static Map<String, List<String>> points(QdrantDouble qdrant) {
    Map<String, List<String>> points = new TreeMap<>();
    qdrant.collections().forEach(name -> points.put(name, qdrant.ids(name)));
    return points;
  }

  @Test
  void allCollectionsAndAliasesComeBackOnAnotherServer() throws Exception {
    BackupReport report = backup();

    assertThat(report.manifest().warnings())
        .extracting(Warning::code)
        .doesNotContain("memories-without-vector");
    assertThat(vectors(report).texts("collections")).containsExactly("my memories, é", MEMORIES);
    assertThat(vectors(report).number("points", MEMORIES)).hasValue(58);
    assertThat(vectors(report).text("aliases", "memories")).hasValue(MEMORIES);
    assertThat(vectors(report).number("vectors", MEMORIES, "size")).hasValue(4);
    assertThat(stored.bytes("first/qdrant-openmemory.snapshot")).isNotEmpty();
    assertThat(server.snapshotFiles()).as("snapshots left on the server").isEmpty();
    assertThat(CrossCheck.in(vectors(report)).orElseThrow().matched()).isEqualTo(58);
    onlyMemoriesWereScrolled();
    assertThat(backups.verify(FIRST).problems()).isEmpty();

    QdrantDouble other = newServer("other-server");
    RestoreReport restored = backups.restore(FIRST, at(other), RestoreRequest.STANDARD);

    assertThat(restored.components()).contains("database", "vectors");
    assertThat(points(other)).isEqualTo(points(server));
    assertThat(other.aliases()).isEqualTo(server.aliases());
    assertThat(other.snapshotFiles()).as("uploads left on the server").isEmpty();
    assertThat(other.requests())
        .filteredOn(request -> request.contains("/snapshots/upload"))
        .allMatch(request -> request.matches(".*checksum=[0-9a-f]{64}.*"))
        .allMatch(request -> request.contains("priority=snapshot"));
  }

  private void onlyMemoriesWereScrolled() {
    assertThat(server.count("POST /collections/openmemory/points/scroll")).isEqualTo(1);
    assertThat(server.count("POST .*/points/scroll")).as("also of other collections").isEqualTo(1);
  }

  @Test
  void whatIsThereIsReplacedAndKept() throws Exception {
    backup();
    Map<String, List<String>> before = points(server);
    server.put(MEMORIES, UUID.randomUUID(), "alice");
    server.remove(MEMORIES, server.ids(MEMORIES).get(0));

    RestoreReport restored = backups.restore(FIRST, at(server), RestoreRequest.STANDARD);

    assertThat(points(server)).isEqualTo(before);
    assertThat(restored.previous().get("vectors")).isDirectoryContaining("glob:**.snapshot");
    assertThat(server.snapshotFiles()).isEmpty();
  }

  @Test
  void pointsThatGetLostOnTheWayBackAreFoundAndAllIsPutBack() throws Exception {
    backups.create(held(), BackupRequest.named("first"));
    server.put(MEMORIES, UUID.randomUUID(), "alice");
    Map<String, List<String>> before = points(server);
    server.before(
        "POST /collections/[^/]+/snapshots/upload.*checksum=(?!0{64}).*",
        () -> server.losePointsOnUpload(2));
    server.before("POST /collections/[^/]+/points/count", () -> server.losePointsOnUpload(0));

    BackupException failure = restoreFails(held(), Kind.ROLLED_BACK);

    assertThat(failure).hasMessageContaining("points, and the backup");
    server.clearFaults();
    assertThat(points(server)).isEqualTo(before);
    assertThat(server.snapshotFiles()).isEmpty();
  }

  @Test
  void aRestoreThatIsCancelledLeavesNoSnapshotOnTheServer() throws Exception {
    backup();
    server.put(MEMORIES, UUID.randomUUID(), "alice");
    Map<String, List<String>> before = points(server);
    Cancellation cancellation = new Cancellation();
    server.before(DOWNLOAD, cancellation::cancel);

    BackupException failure =
        failureOf(
            () ->
                backups
                    .withCancellation(cancellation)
                    .restore(FIRST, at(server), RestoreRequest.STANDARD));

    assertThat(failure.kind()).as("%s", failure).isEqualTo(Kind.CANCELLED);
    assertThat(points(server)).isEqualTo(before);
    assertThat(server.snapshotFiles()).isEmpty();
  }

  /** Its writers are held, so that the counts in its backup are those of its snapshots. */
  private Installation held() {
    return at(server).withWriters(GateControlProvider.WRITERS);
  }

  private BackupException restoreFails(Installation installation, Kind kind) {
    BackupException failure =
        failureOf(() -> backups.restore(FIRST, installation, RestoreRequest.STANDARD));
    assertThat(failure.kind()).as("%s", failure).isEqualTo(kind);
    return failure;
  }

  @Test
  void anOlderServerIsNotGivenWhatANewerOneMade() throws Exception {
    server.version("1.18.3");
    backup();
    for (String refused : List.of("1.18.2", "1.17.9", "1.19.0", "2.18.3")) {
      server.version(refused);
      assertThat(restoreFails(at(server), Kind.UNSUPPORTED))
          .hasMessageContaining(refused)
          .hasMessageContaining("1.18.3");
    }
    server.version("1.19.0");
    Snapshots any = Snapshots.of(server.uri()).acceptingAnyVersion();

    RestoreReport restored = backups.restore(FIRST, at(any), RestoreRequest.STANDARD);

    assertThat(restored.warnings()).extracting(Warning::code).contains("qdrant-version");
  }

  @Test
  void aCollectionOfAnotherConfigIsReplacedOnlyWhenThatIsSaid() throws Exception {
    backup();
    Map<String, List<String>> wanted = points(server);
    server.deleteCollection(MEMORIES);
    server.createCollection(MEMORIES, Map.of("size", 8, "distance", "Cosine"), 1);
    server.fill(MEMORIES, 2);
    Map<String, List<String>> present = points(server);

    restoreFails(at(server), Kind.INCONSISTENT);
    assertThat(points(server)).isEqualTo(present);
    assertThat(server.count(".*upload.*")).isZero();

    Snapshots replacing = Snapshots.of(server.uri()).replacingCollections();
    RestoreReport restored = backups.restore(FIRST, at(replacing), RestoreRequest.STANDARD);
    assertThat(points(server)).isEqualTo(wanted);
    assertThat(server.aliases()).containsEntry("memories", MEMORIES);
    assertThat(restored.previous()).containsKey("vectors");
  }

  static Stream<Arguments> troubles() {
    return Stream.of(
        Arguments.of("corrupt", Kind.CORRUPT),
        Arguments.of("denied", Kind.DENIED),
        Arguments.of("full", Kind.NO_SPACE),
        Arguments.of("broken", Kind.FAILED),
        Arguments.of("deleted", Kind.NOT_FOUND));
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void aFailedBackupLeavesNothingAnywhere(String trouble, Kind kind) throws Exception {
    switch (trouble) {
      case "corrupt" -> server.corrupt(DOWNLOAD, 1000);
      case "denied" -> server.refuse("POST .*/snapshots.*", 1, 403, "Forbidden");
      case "full" -> server.refuse("POST .*/snapshots.*", 1, 507, "quota");
      case "broken" -> server.refuse("POST .*/snapshots.*", 1, 500, "Service internal error");
      default -> server.before(DOWNLOAD, () -> server.deleteCollection(MEMORIES));
    }

    BackupException failure = failureOf(this::backup);

    assertThat(failure.kind()).as("%s", failure).isEqualTo(kind);
    assertThat(backups.list()).isEmpty();
    if (!trouble.equals("deleted")) {
      assertThat(server.snapshotFiles()).as("snapshots left on the server").isEmpty();
    }
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void aKeyIsSentToTheServerAndNowhereElse() throws Exception {
    String key = "qdrant-CANARY-key-2222";
    Path file = Files.writeString(temp.resolve("key"), key + "\n");
    server.requireKey(key);
    assertThat(failureOf(this::backup).kind()).isEqualTo(Kind.DENIED);
    Snapshots withKey = Snapshots.of(server.uri()).withApiKeyFile(file);

    backups.create(at(withKey), BackupRequest.named("first"));
    backups.restore(FIRST, at(withKey), RestoreRequest.STANDARD);

    try (Stream<Path> all = Files.walk(temp)) {
      for (Path path : all.filter(Files::isRegularFile).filter(p -> !p.equals(file)).toList()) {
        assertThat(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1))
            .as("%s", path)
            .doesNotContain(key);
      }
    }
    String hex = HexFormat.of().formatHex(key.getBytes(StandardCharsets.UTF_8));
    assertThat(stored.objects().values()).noneMatch(content -> content.contains(hex));
  }

  @Test
  void snapshotsAreRestoredIntoAFolderWithoutAnyServer() throws Exception {
    backup();
    server.close();
    Path folder = temp.resolve("elsewhere");

    backups.restore(FIRST, Installation.inFolderWithSnapshots(folder), RestoreRequest.STANDARD);

    assertThat(folder.resolve("qdrant-snapshots/qdrant-openmemory.snapshot"))
        .hasBinaryContent(stored.bytes("first/qdrant-openmemory.snapshot"));
    assertThat(folder.resolve("qdrant-snapshots/qdrant-collections.json")).isNotEmptyFile();
    assertThat(folder.resolve("api/openmemory.db")).isNotEmptyFile();
  }

  @Test
  void aClusterGivesTheSnapshotsOfAllItsNodes() throws Exception {
    QdrantDouble second = newServer("second-node");
    second.createCollection(MEMORIES);
    second.createCollection("my memories, é");
    second.fill(MEMORIES, 2);
    Snapshots both = Snapshots.of(server.uri()).withUrls(List.of(server.uri(), second.uri()));

    backups.create(at(both), BackupRequest.named("first"));

    assertThat(stored.bytes("first/qdrant-openmemory.node1.snapshot")).isNotEmpty();
    assertThat(stored.bytes("first/qdrant-openmemory.node2.snapshot")).isNotEmpty();
    Map<String, List<String>> before = points(second);
    second.fill(MEMORIES, 1);
    assertThat(restoreFails(at(server), Kind.INVALID)).hasMessageContaining("2 nodes");
    backups.restore(FIRST, at(both), RestoreRequest.STANDARD);
    assertThat(points(second)).isEqualTo(before);
  }

  @Test
  void anAddressForEachNodeOfAClusterIsNeeded() throws Exception {
    QdrantDouble second = newServer("second-node");
    second.createCollection(MEMORIES);
    second.createCollection("my memories, é");
    server.cluster(1, Set.of(1L, 2L, 3L));
    second.cluster(2, Set.of(1L, 2L, 3L));
    Snapshots two = Snapshots.of(server.uri()).withUrls(List.of(server.uri(), second.uri()));
    for (Snapshots given : List.of(Snapshots.of(server.uri()), two)) {
      BackupException failure =
          failureOf(() -> backups.create(at(given), BackupRequest.named("first")));
      assertThat(failure).as("a backup that lacks a node").isNotNull();
      assertThat(failure.kind()).isEqualTo(Kind.INVALID);
      assertThat(failure.fact()).contains("3 nodes").contains("http://node-3:6335/");
      assertThat(failure.fact()).doesNotContain("node-1");
    }
    assertThat(backups.list()).isEmpty();

    server.cluster(1, Set.of(1L, 2L));
    second.cluster(2, Set.of(1L, 2L));
    backups.create(at(two), BackupRequest.named("first"));

    assertThat(stored.bytes("first/qdrant-openmemory.node2.snapshot")).isNotEmpty();
    assertThat(restoreFails(at(server), Kind.INVALID)).hasMessageContaining("http://node-2:6335/");
  }

  @Test
  void whatIsWrittenMeanwhileDoesNotBlurTheComparison() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> writer = threads.submit(writer(stop));
      BackupReport report = backups.create(held(), BackupRequest.named("first"));
      stop.set(true);
      assertThat(writer.get()).as("memories written meanwhile").isPositive();

      CrossCheck compared = CrossCheck.in(vectors(report)).orElseThrow();
      assertThat(compared.oneInstant()).isTrue();
      assertThat(compared.matched()).isEqualTo(compared.memories()).isEqualTo(compared.points());
      assertThat(compared.withoutMemory().count()).isZero();
      QdrantDouble other = newServer("other-server");
      backups.restore(FIRST, at(other), RestoreRequest.STANDARD);
      assertThat(new TreeSet<>(other.ids(MEMORIES))).isEqualTo(rows.ids());
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  @Test
  void writersAreNotHeldForTheIdsOfVeryManyMemories() throws Exception {
    rows.addDeleted(100_001);
    CrossCheck compared =
        CrossCheck.in(vectors(backups.create(held(), BackupRequest.named("first")))).orElseThrow();
    assertThat(compared.oneInstant()).isFalse();
    assertThat(compared.matched()).isEqualTo(compared.memories()).isEqualTo(compared.points());
  }

  /** A point first and its row then, as OpenMemory writes a memory. */
  private Callable<Integer> writer(AtomicBoolean stop) {
    return () -> {
      int written = 0;
      while (!stop.get()) {
        GateControlProvider.GATE.acquire();
        try {
          UUID id = UUID.randomUUID();
          server.put(MEMORIES, id, "alice");
          rows.add(id);
          written++;
        } finally {
          GateControlProvider.GATE.release();
        }
      }
      return written;
    };
  }

  @Test
  void memoriesWithoutVectorsAreAWarningThatNamesThem() throws Exception {
    List<String> removed = server.ids(MEMORIES).subList(10, 15);
    removed.forEach(id -> server.remove(MEMORIES, id));

    BackupReport report = backup();

    assertThat(report.manifest().warnings())
        .filteredOn(warning -> warning.code().equals("memories-without-vector"))
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).startsWith("5 memories"))
        .satisfies(warning -> assertThat(warning.message()).contains(removed));
    CrossCheck compared = CrossCheck.in(vectors(report)).orElseThrow();
    assertThat(compared.withoutVector().first()).containsExactlyInAnyOrderElementsOf(removed);
    assertThat(compared.oneInstant()).isFalse();
  }

  @Test
  void eachKindOfDifferenceIsCountedForItsUser() throws Exception {
    UUID stranger = UUID.randomUUID();
    server.put(MEMORIES, stranger, "bob");
    server.put(MEMORIES, 7, Map.of());
    String deleted = rows.ids().first();
    rows.setState(deleted, "deleted");

    CrossCheck compared = backups.crossCheck(at(server));

    assertThat(compared.withoutVector().count()).isZero();
    assertThat(compared.withoutMemory().count()).isEqualTo(2);
    assertThat(compared.withoutMemory().first()).containsExactly(stranger.toString());
    assertThat(compared.ofDeleted().first()).containsExactly(deleted);
    assertThat(compared.matched()).isEqualTo(57);
    assertThat(compared.users())
        .hasEntrySatisfying("bob", bob -> assertThat(bob.withoutMemory()).isEqualTo(1));
    assertThat(compared.points()).isEqualTo(60);
  }

  @Test
  void aBackupIsComparedWithTheServerThatItWasRestoredTo() throws Exception {
    backup();
    QdrantDouble other = newServer("other-server");
    backups.restore(FIRST, at(other), RestoreRequest.STANDARD);
    String gone = other.ids(MEMORIES).get(3);
    other.remove(MEMORIES, gone);

    CrossCheck compared = backups.crossCheck(FIRST, at(other));

    assertThat(compared.withoutVector().first()).containsExactly(gone);
    assertThat(compared.matched()).isEqualTo(57);
  }

  @Test
  void aDrillTakesTheSnapshotsIntoAThrowAwayQdrant() throws Exception {
    backups.create(held(), BackupRequest.named("first"));

    DrillReport report =
        backups.drill(
            FIRST,
            DrillRequest.STANDARD.withServer(
                DoubleServerProvider.server(temp.resolve("double.log"), Map.of())));

    assertThat(report.problems()).isEmpty();
    assertThat(report.outcome()).isEqualTo(DrillReport.Outcome.PROVEN);
    assertThat(report.seen().orElseThrow().matchedIds()).hasValue(58);
    assertThat(report.seen().orElseThrow().points())
        .containsEntry(MEMORIES, 58L)
        .containsEntry("my memories, é", 3L);
  }

  @Test
  void withoutARunningQdrantNothingCanBeCompared() {
    BackupException failure = failureOf(() -> backups.crossCheck(sample.installation()));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
  }
}
