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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
      MemoryRestoreReport report =
          backups.restoreMemories(FIRST, running, request, MemoryRestoreDialog.AGREE);

      assertThat(report.actions())
          .containsOnly(
              Map.entry(Action.BRING_BACK, 50L),
              Map.entry(Action.OVERWRITE, 20L),
              Map.entry(Action.VECTOR, 30L),
              Map.entry(Action.NOTHING, 20L));
      assertThat(vectors(qdrant)).isEqualTo(stored.vectors());
      Map<String, List<String>> now = Rows.of(sample.database());
      assertThat(now.get("memories")).isEqualTo(rows.get("memories"));
      assertThat(now.get("memory_categories")).isEqualTo(rows.get("memory_categories"));
      assertThat(backups.crossCheck(running).matched()).isEqualTo(MEMORIES);
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

  /** Digests of the bytes of the vectors, by id, as the engine's own script gives them. */
  private static Map<String, String> vectors(QdrantDouble qdrant) throws Exception {
    Map<String, String> digests = new TreeMap<>();
    try (QdrantClient client =
        QdrantClient.of(qdrant.uri(), Optional.empty(), new Cancellation())) {
      List<UUID> ids = qdrant.ids("openmemory").stream().map(UUID::fromString).toList();
      for (WholePoint point : client.whole("openmemory").find(ids).values()) {
        List<?> numbers = (List<?>) point.vector().orElseThrow();
        ByteBuffer bytes =
            ByteBuffer.allocate(numbers.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        numbers.forEach(number -> bytes.putFloat(((Number) number).floatValue()));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
        digests.put(point.id().toString(), HexFormat.of().formatHex(digest));
      }
    }
    return digests;
  }
}
