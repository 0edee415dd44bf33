package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.sample.Rows;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.EnginePython;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Vectors come out of what Qdrant's own engine has stored as they went in. */
@Tag("services")
@Timeout(300)
class MemoryRestoreEngineTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final int MEMORIES = 120;

  @TempDir Path temp;

  @Test
  void deletedChangedAndUnsearchableMemoriesAreAsBeforeAfterOneCommand() throws Exception {
    StorageEngine engine = StorageEngine.require();
    SampleInstallation sample = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    engine.fillWithMemories(sample.storage(), MEMORIES);
    MemoriesDatabase database = new MemoriesDatabase(sample.database());
    fill(database);
    StorageEngine.Contents stored = engine.open(sample.storage());
    assertThat(stored.isWhole(MEMORIES)).isTrue();
    Map<String, List<String>> rows = Rows.of(sample.database());
    Path config = Path.of("collections/openmemory/config.json");
    Path live = temp.resolve("live");
    Files.createDirectories(live.resolve(config).getParent());
    Files.copy(sample.storage().resolve(config), live.resolve(config));

    try (BackupTarget target = BackupTargets.open(temp.resolve("backups"));
        QdrantDouble qdrant = QdrantDouble.start(live)) {
      Backups backups =
          Backups.in(target).withScratch(Files.createDirectory(temp.resolve("scratch")));
      backups.create(sample.installation(), BackupRequest.named("first"));
      Installation running =
          Installation.at(sample.home()).withSnapshots(Installation.Snapshots.of(qdrant.uri()));
      MemoryRestoreRequest request =
          MemoryRestoreRequest.ALL
              .overwriting()
              .withVectorsBy(DrillRequest.STANDARD.withEngine(EnginePython.require(), true));

      MemoryRestoreReport filled =
          backups.restoreMemories(FIRST, running, request, MemoryRestoreDialog.AGREE);

      assertThat(filled.actions()).containsExactly(Map.entry(Action.VECTOR, (long) MEMORIES));
      assertThat(filled.vectorsFrom().orElseThrow()).startsWith("qdrant-edge-py");
      assertThat(vectors(qdrant)).isEqualTo(stored.vectors());

      harm(database, qdrant);
      MemoryRestoreReport report;
      int written;
      try (Writing writer = new Writing(database, qdrant)) {
        report = backups.restoreMemories(FIRST, running, request, MemoryRestoreDialog.AGREE);
        written = writer.end();
      }

      assertThat(written).isPositive();
      assertThat(report.actions())
          .containsOnly(
              Map.entry(Action.BRING_BACK, 50L),
              Map.entry(Action.OVERWRITE, 20L),
              Map.entry(Action.VECTOR, 30L),
              Map.entry(Action.NOTHING, 20L));
      StorageEngine.Contents found = searched(engine, sample.storage(), qdrant);
      assertThat(found.isWhole(MEMORIES + written)).as("%s", found).isTrue();
      assertThat(found.vectors()).containsAllEntriesOf(stored.vectors());
      Map<String, List<String>> now = Rows.of(sample.database());
      assertThat(now.get("memories")).containsAll(rows.get("memories")).hasSize(MEMORIES + written);
      assertThat(now.get("memory_categories")).isEqualTo(rows.get("memory_categories"));
      assertThat(backups.crossCheck(running).matched()).isEqualTo(MEMORIES + written);
    }
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  private static void fill(MemoriesDatabase database) throws Exception {
    database.run(
        "DELETE FROM memories",
        "DELETE FROM memory_categories",
        "DELETE FROM memory_status_history",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < "
            + MEMORIES
            + ") INSERT INTO memories (id, user_id, app_id, content, state, created_at) SELECT"
            + " printf('abcdef%026x', i), u.id, a.id, 'memory ' || i, 'active', '2026-11-22 10:00:00'"
            + " FROM n, users u, apps a WHERE u.user_id = 'alice' AND a.owner_id = u.id AND a.name"
            + " = 'openmemory'");
  }

  /** Fifty are deleted, twenty get another text, thirty lose their vectors. */
  private static void harm(MemoriesDatabase database, QdrantDouble qdrant) throws Exception {
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String row = String.format(" WHERE id = printf('abcdef%%026x', %d)", i);
      if (i < 50) {
        statements.add("UPDATE memories SET state = 'deleted', deleted_at = created_at" + row);
      } else if (i < 70) {
        statements.add("UPDATE memories SET content = 'changed'" + row);
      }
      if (i < 50 || i >= 70) {
        qdrant.remove("openmemory", new UUID(0xabcdefL << 40, i).toString());
      }
    }
    database.run(statements.toArray(String[]::new));
  }

  /** Adds memories as the API does it, a point and then its row, until it is told to end. */
  private static final class Writing implements Closeable {
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final FutureTask<Integer> task;

    Writing(MemoriesDatabase database, QdrantDouble qdrant) throws InterruptedException {
      task =
          new FutureTask<>(
              () -> {
                int written = 0;
                while (!ended.get()) {
                  put(qdrant, new UUID(0xfedcbaL << 40, written));
                  database.run(
                      "INSERT INTO memories (id, user_id, app_id, content, state, created_at) SELECT"
                          + String.format(" printf('fedcba%%026x', %d),", written)
                          + " user_id, app_id, 'of a writer', 'active', created_at FROM memories"
                          + " LIMIT 1");
                  written++;
                  begun.countDown();
                }
                return written;
              });
      new Thread(task, "writer").start();
      begun.await();
    }

    private static void put(QdrantDouble qdrant, UUID id) throws Exception {
      try (QdrantClient client =
          QdrantClient.of(qdrant.uri(), Optional.empty(), new Cancellation())) {
        WholePoint some =
            client
                .whole("openmemory")
                .find(List.of(new UUID(0xabcdefL << 40, MEMORIES - 1)))
                .values()
                .iterator()
                .next();
        client.whole("openmemory").put(List.of(some.withId(id)), List.of());
      }
    }

    /** How many it has written. */
    int end() throws Exception {
      ended.set(true);
      return task.get();
    }

    @Override
    public void close() {
      ended.set(true);
    }
  }

  /** What the engine finds by the vectors of what the server has now. */
  private StorageEngine.Contents searched(StorageEngine engine, Path storage, QdrantDouble qdrant)
      throws Exception {
    Path points = temp.resolve("points.jsonl");
    List<String> lines = new ArrayList<>();
    for (WholePoint point : points(qdrant)) {
      lines.add(
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of(
                      "id", point.id().toString(),
                      "vector", point.vector().orElseThrow(),
                      "payload", point.payload())));
    }
    Files.write(points, lines);
    engine.load(storage, points);
    return engine.open(storage);
  }

  private static Collection<WholePoint> points(QdrantDouble qdrant) throws Exception {
    try (QdrantClient client =
        QdrantClient.of(qdrant.uri(), Optional.empty(), new Cancellation())) {
      List<UUID> ids = qdrant.ids("openmemory").stream().map(UUID::fromString).toList();
      return client.whole("openmemory").find(ids).values();
    }
  }

  /** Digests of the bytes of the vectors, by id, as the engine's own script gives them. */
  private static Map<String, String> vectors(QdrantDouble qdrant) throws Exception {
    Map<String, String> digests = new TreeMap<>();
    for (WholePoint point : points(qdrant)) {
      List<?> numbers = (List<?>) point.vector().orElseThrow();
      ByteBuffer bytes =
          ByteBuffer.allocate(numbers.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      numbers.forEach(number -> bytes.putFloat(((Number) number).floatValue()));
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
      digests.put(point.id().toString(), HexFormat.of().formatHex(digest));
    }
    return digests;
  }
}
