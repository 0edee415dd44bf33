package dev.openmemory.backup.internal.qdrant.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.target.WaitedTime;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A double with a few points in {@code openmemory}, and a client of it. */
abstract class DoubleTest {
  static final String COLLECTION = "openmemory";
  static final int POINTS = 5;
  static final String ANY_SNAPSHOT = "GET /collections/[^/]+/snapshots/.+";
  static final String CREATE = "POST /collections/[^/]+/snapshots\\?.*";

  @TempDir Path folder;
  final WaitedTime time = new WaitedTime();
  QdrantDouble server;
  QdrantClient client;

  @BeforeEach
  final void start() throws IOException {
    server = QdrantDouble.start(folder.resolve("storage"));
    server.createCollection(COLLECTION);
    for (int i = 0; i < POINTS; i++) {
      server.put(COLLECTION, new UUID(i, i), "u" + i % 2);
    }
    server.clock(time);
    use(Waits.PATIENT);
  }

  /** Replaces the client by one with those timings. */
  final void use(Timings timings) throws IOException {
    if (client != null) {
      client.close();
    }
    client = Waits.client(server.uri(), Optional.empty(), new Cancellation(), timings, time);
  }

  /** The next such request is answered only when the client asks something else instead. */
  final void answerTooLate(String request, String other, BooleanSupplier sent) {
    server.before(
        request,
        () -> {
          long asked = server.count(other);
          await(sent);
          time.pass(Waits.PATIENT.restore().multipliedBy(2));
          await(() -> server.count(other) > asked);
        });
  }

  /** Returns when something is so, which happens soon. */
  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @AfterEach
  final void stop() throws IOException {
    client.close();
    server.close();
  }

  final void assertNoSnapshotIsLeft() {
    assertThat(server.snapshotFiles()).isEmpty();
  }

  /** A file that the double made of its collection; nothing of it is left there. */
  final Path snapshot() throws IOException {
    SnapshotInfo made = client.createSnapshot(COLLECTION);
    Path file = folder.resolve(made.name());
    try (var in = client.download(COLLECTION, made)) {
      Files.copy(in, file);
    }
    client.deleteSnapshot(COLLECTION, made.name());
    return file;
  }

  static String sha256(Path file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }
}
