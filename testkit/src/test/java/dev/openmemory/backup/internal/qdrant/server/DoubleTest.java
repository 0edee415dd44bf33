package dev.openmemory.backup.internal.qdrant.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A double with a few points in {@code openmemory}, and a client of it. */
abstract class DoubleTest {
  static final String COLLECTION = "openmemory";
  static final int POINTS = 20;
  static final String ANY_SNAPSHOT = "GET /collections/[^/]+/snapshots/.+";
  static final String CREATE = "POST /collections/[^/]+/snapshots\\?.*";

  @TempDir Path folder;
  QdrantDouble server;
  QdrantClient client;

  @BeforeEach
  final void start() throws IOException {
    server = QdrantDouble.start(folder.resolve("storage"));
    server.createCollection(COLLECTION);
    for (int i = 0; i < POINTS; i++) {
      server.put(COLLECTION, new UUID(i, i), "u" + i % 2);
    }
    client = Waits.client(server.uri());
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
