package dev.openmemory.backup.internal.qdrant.server;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.optional.VectorStore;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReadingTest extends DoubleTest {
  private static final String COUNT = "POST .*/points/count";

  @Test
  void pointsComeInTheOrderOfTheirIds() throws Exception {
    server.put(COLLECTION, 7, Map.of());
    List<VectorStore.Point> all = new ArrayList<>();
    client.points(COLLECTION, all::add);
    assertThat(all).hasSize(POINTS + 1);
    assertThat(all.get(0))
        .isEqualTo(new VectorStore.Point(Optional.empty(), Optional.empty(), Optional.empty()));
    assertThat(all.get(2))
        .isEqualTo(
            new VectorStore.Point(
                Optional.of(new UUID(1, 1)), Optional.of("u1"), Optional.empty()));
  }

  @Test
  void pagesFollowEachOther() throws Exception {
    server.createCollection("many");
    server.fill("many", 21);
    List<VectorStore.Point> all = new ArrayList<>();
    try (Transport transport = Waits.transport(server.uri())) {
      new PointScroll(transport, "many", 10).read(all::add);
    }
    assertThat(all.stream().map(VectorStore.Point::id).distinct()).hasSize(21);
    assertThat(server.count("POST /collections/many/points/scroll")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"my memories", "café", "100%", "a+b", "a?b#c"})
  void anyNameOfACollectionWorks(String name) throws Exception {
    server.createCollection(name);
    server.put(name, 1, Map.of("user_id", "u"));

    assertThat(client.count(name)).isEqualTo(1);
    SnapshotInfo made = client.createSnapshot(name);
    assertThat(client.snapshots(name)).containsExactly(made);
    client.download(name, made).close();
    client.deleteSnapshot(name, made.name());
    assertNoSnapshotIsLeft();
    client.deleteCollection(name);
    assertThat(client.collections()).containsExactly(COLLECTION);
  }

  @Test
  void anAliasIsMadeMovedAndRemoved() throws Exception {
    server.createCollection("other");
    client.putAlias(new Alias("memories", COLLECTION));
    assertThat(client.count("memories")).isEqualTo(POINTS);
    client.putAlias(new Alias("memories", "other"));
    assertThat(client.aliases()).containsExactly(new Alias("memories", "other"));
    client.deleteAlias("memories");
    assertThat(client.aliases()).isEmpty();
    assertThat(client.collections()).containsExactly(COLLECTION, "other");
  }

  @Test
  void itWaitsUntilAllIsApplied() throws Exception {
    server.queue(3);
    client.awaitApplied(COLLECTION);
    assertThat(server.count("GET /collections/openmemory")).isEqualTo(4);
  }

  @Test
  void aQueueThatNeverEmptiesIsATimeout() throws Exception {
    use(Waits.HASTY);
    server.queue(1_000_000);
    assertFails(() -> client.awaitApplied(COLLECTION), Kind.TIMEOUT);
  }

  @Test
  void aReadOutlivesAConnectionThatTheServerCloses() throws Exception {
    server.lose(COUNT, 2, Duration.ZERO);
    assertThat(client.count(COLLECTION)).isEqualTo(POINTS);
    assertThat(server.count(COUNT)).isEqualTo(3);
  }

  @Test
  void aReadOutlivesTheIdleTimeOfTheServer() throws Exception {
    server.closeIdleAfter(Duration.ofMillis(50));
    for (int i = 0; i < 2; i++) {
      assertThat(client.count(COLLECTION)).isEqualTo(POINTS);
      Thread.sleep(60);
    }
  }

  @Test
  void aReadIsNotTriedForEver() {
    server.lose(COUNT, 100, Duration.ZERO);
    assertFails(() -> client.count(COLLECTION), Kind.UNAVAILABLE);
    assertThat(server.count(COUNT)).isEqualTo(4);
  }

  @Test
  void aShardThatStaysAwayIsAFailure() {
    server.refuse(COUNT, 1000, 500, QdrantDouble.SHARD_AWAY);
    assertFails(() -> client.count(COLLECTION), Kind.FAILED);
  }

  @Test
  void aServerThatDoesNotAnswerIsATimeout() {
    server.delay(COUNT, 1, Duration.ofSeconds(20));
    server.before(COUNT, () -> time.pass(Waits.PATIENT.answer().plusNanos(1)));
    assertFails(() -> client.count(COLLECTION), Kind.TIMEOUT);
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID",
    "401, DENIED",
    "403, DENIED",
    "404, NOT_FOUND",
    "408, TIMEOUT",
    "409, ALREADY_EXISTS",
    "422, INVALID",
    "429, UNAVAILABLE",
    "500, FAILED",
    "503, UNAVAILABLE",
    "507, NO_SPACE"
  })
  void eachStatusHasItsKind(int status, Kind kind) {
    server.refuse(COUNT, 1, status, "because\nof this");
    BackupException failure = assertFails(() -> client.count(COLLECTION), kind);
    assertThat(failure.fact()).isEqualTo("refused with status " + status + ": because of this");
  }

  @Test
  void aLongErrorIsShortened() {
    server.refuseWithText(COUNT, 1, 500, "x".repeat(10_000));
    BackupException failure = assertFails(() -> client.count(COLLECTION), Kind.FAILED);
    assertThat(failure.fact().length()).isLessThan(400);
  }

  @Test
  void aKeyThatTheServerRepeatsIsNotRepeated() throws Exception {
    server.refuse(COUNT, 1, 400, "what is s3cret?");
    try (QdrantClient other = Waits.client(server.uri(), "s3cret")) {
      BackupException failure = assertFails(() -> other.count(COLLECTION), Kind.INVALID);
      assertThat(failure.fact()).isEqualTo("refused with status 400: what is ***?");
    }
  }

  @Test
  void aKeyIsNeeded() throws Exception {
    server.requireKey("k");
    server.acceptReadOnlyKey("r");
    assertThat(client.version()).isEqualTo("1.18.3");
    assertFails(client::collections, Kind.DENIED);
    try (QdrantClient right = Waits.client(server.uri(), "k");
        QdrantClient readOnly = Waits.client(server.uri(), "r")) {
      assertThat(right.collections()).containsExactly(COLLECTION);
      assertThat(readOnly.count(COLLECTION)).isEqualTo(POINTS);
      assertFails(() -> readOnly.createSnapshot(COLLECTION), Kind.DENIED);
      assertNoSnapshotIsLeft();
    }
  }

  @Test
  void anotherVersionIsReported() throws Exception {
    server.version("1.8.0");
    assertThat(client.version()).isEqualTo("1.8.0");
  }

  @Test
  void aServerThatDoesNotAnswerIsUnavailable() throws Exception {
    server.close();
    BackupException failure = assertFails(client::version, Kind.UNAVAILABLE);
    assertThat(failure.fact()).startsWith("cannot be reached: ");
    assertThat(failure.location()).isEqualTo(server.uri().toString());
  }

  @Test
  // No name server is asked for a label of that length.
  void anUnknownHostIsUnavailable() throws Exception {
    try (QdrantClient nowhere = Waits.client(URI.create("http://" + "x".repeat(64) + ".invalid"))) {
      assertFails(nowhere::version, Kind.UNAVAILABLE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>hi</html>",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
      })
  void whatIsNoQdrantIsInvalid(String answer) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        QdrantClient mistaken =
            Waits.client(URI.create("http://127.0.0.1:" + other.getLocalPort()))) {
      Thread speaker = new Thread(() -> speak(other, answer));
      speaker.setDaemon(true);
      speaker.start();
      assertFails(mistaken::version, Kind.INVALID);
    }
  }

  private static void speak(ServerSocket server, String answer) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          socket.getOutputStream().write(answer.getBytes(US_ASCII));
          socket.getInputStream().read(new byte[4096]);
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://h", "localhost:6333", "http:///x", "http://u:s3cret@h:1", "http://h/?a=b"})
  void anAddressThatIsNoneIsInvalid(String address) {
    BackupException failure =
        assertFails(() -> Waits.client(URI.create(address)).close(), Kind.INVALID);
    assertThat(failure).hasMessageNotContaining("s3cret");
  }

  @Test
  void anAddressMayHaveAPath() throws Exception {
    try (QdrantClient behindProxy = Waits.client(URI.create(server.uri() + "/qdrant/"))) {
      assertFails(behindProxy::version, Kind.NOT_FOUND);
      assertThat(server.requests()).contains("GET /qdrant/");
    }
  }

  @Test
  void aCancelledCallEndsAtOnce() throws Exception {
    Cancellation cancellation = new Cancellation();
    server.delay(COUNT, 1, Duration.ofSeconds(20));
    server.before(COUNT, cancellation::cancel);
    try (QdrantClient other = Waits.client(server.uri(), Optional.empty(), cancellation)) {
      long start = System.nanoTime();
      assertFails(() -> other.count(COLLECTION), Kind.CANCELLED);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void anInterruptEndsACallAtOnceAndIsKept() {
    Thread caller = Thread.currentThread();
    server.delay(COUNT, 1, Duration.ofSeconds(20));
    server.before(COUNT, caller::interrupt);
    assertFails(() -> client.count(COLLECTION), Kind.CANCELLED);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void theThreadsOfAClosedClientEnd() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    client.count(COLLECTION);
    List<Thread> begun =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("openmemory-backup-qdrant"))
            .filter(thread -> !before.contains(thread))
            .toList();
    assertThat(begun).isNotEmpty();
    client.close();
    await(() -> begun.stream().noneMatch(Thread::isAlive));
  }

  private static BackupException assertFails(ThrowingCallable call, Kind kind) {
    BackupException failure = failureOf(call);
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    return failure;
  }
}
