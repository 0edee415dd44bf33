package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.export.ExportFormat;
import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.sample.OpenMemoryImport;
import dev.openmemory.backup.sample.OpenMemoryImport.Change;
import dev.openmemory.backup.sample.OpenMemoryImport.Memory;
import dev.openmemory.backup.sample.OpenMemoryImport.Vector;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of every kind arrive as they are, or are named. */
class ExportedRowsTest {
  private static final String USER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0";
  private static final String MEMORY = "abcdefabcdefabcdefabcdefabcdefa";

  @TempDir Path temp;

  @Test
  void manyMemoriesOfThreeUsersEqualTheDatabase() throws Exception {
    MemoriesDatabase database = likeTheSample().filled(1_000);
    for (int user = 0; user < 3; user++) {
      ExportReport report = export(Optional.of("user" + user));
      OpenMemoryImport imported = OpenMemoryImport.of(zip());
      Map<UUID, Memory> expected = database.memoriesOf("user" + user);
      assertThat(expected).hasSizeGreaterThan(300);
      assertThat(imported.memories).isEqualTo(expected);
      Map<UUID, Vector> vectors = new HashMap<>();
      expected.forEach(
          (id, memory) -> vectors.put(id, new Vector(memory.content(), memory.metadata())));
      assertThat(imported.vectors).isEqualTo(vectors);
      assertThat(imported.history.values())
          .hasSameSizeAs(expected.keySet())
          .allSatisfy(change -> assertThat(expected).containsKey(change.memory()))
          .extracting(Change::at)
          .containsOnly(Optional.of(Instant.parse("2025-01-02T03:04:05.000001Z")));
      assertThat(report.memories()).containsOnlyKeys("active", "paused", "archived", "deleted");
      assertThat(report.memories().values().stream().mapToLong(n -> n).sum())
          .isEqualTo(expected.size());
      assertThat(report.categories()).isEqualTo(2);
      assertThat(report.apps()).isEqualTo(1);
      assertThat(report.warnings()).isEmpty();
      Files.delete(zip());
    }
  }

  @Test
  void anOlderDatabaseWithFewerTablesAndColumnsIsExported() throws Exception {
    new MemoriesDatabase(file())
        .run(
            "CREATE TABLE users (id CHAR(32) PRIMARY KEY, user_id VARCHAR)",
            "CREATE TABLE memories (id CHAR(32) PRIMARY KEY, user_id CHAR(32), content VARCHAR,"
                + " created_at DATETIME, later_column TEXT)",
            "INSERT INTO users VALUES (upper('" + USER + "'), 'alice')",
            "INSERT INTO memories VALUES"
                + " ('ABCDEFABCDEFABCDEFABCDEFABCDEFA0', '"
                + USER
                + "', 'upper', NULL, 'x'),"
                + " ('abcdefab-cdef-abcd-efab-cdefabcdefa1', upper('"
                + USER
                + "'), 'dashed',"
                + " '2025-01-02T03:04:05.5+02:00', 'x'),"
                + " ('"
                + MEMORY
                + "2', '"
                + USER
                + "', NULL, '2025-01-02', 'x')");
    ExportReport report = export(Optional.empty());
    assertThat(report.warnings()).isEmpty();
    assertThat(report.memories()).isEqualTo(Map.of("active", 3L));
    Map<UUID, Memory> memories = OpenMemoryImport.of(zip()).memories;
    assertThat(memory(memories, 0).created()).isEmpty();
    assertThat(memory(memories, 1).created()).hasValue(Instant.parse("2025-01-02T01:04:05.5Z"));
    assertThat(memory(memories, 2).created()).hasValue(Instant.parse("2025-01-02T00:00:00Z"));
    assertThat(memory(memories, 2).content()).isEmpty();
    assertThat(memories.values()).extracting(Memory::state).containsOnly("active");
  }

  @Test
  void anIdThatSqliteTookForANumberComesBack() throws Exception {
    likeTheSample()
        .run(
            "INSERT INTO users (id, user_id) VALUES ('" + USER + "', 'alice')",
            "INSERT INTO memories (id, user_id, app_id, content) VALUES"
                + " ('00000000000000000000000000000042', '"
                + USER
                + "', 'x', 'a number')");
    assertThat(export(Optional.empty()).warnings()).isEmpty();
    assertThat(OpenMemoryImport.of(zip()).memories)
        .containsOnlyKeys(UUID.fromString("00000000-0000-0000-0000-000000000042"));
  }

  @Test
  void whatCannotGoAlongIsNamedWithItsReason() throws Exception {
    likeTheSample()
        .run(
            "INSERT INTO users (id, user_id) VALUES ('" + USER + "', 'alice')",
            "INSERT INTO categories (id, name) VALUES"
                + " ('ccccccccccccccccccccccccccccccc0', 'kept'), ('no-category', 'unkept')",
            memory("'" + MEMORY + "0'", "'active'", "'2025-01-02 03:04:05'", "'{\"a\": 1.0}'"),
            memory("upper('" + MEMORY + "0')", "'active'", "NULL", "NULL"),
            memory("'not-an-id'", "'active'", "NULL", "NULL"),
            memory("'" + MEMORY + "1'", "'burnt'", "NULL", "NULL"),
            memory("'" + MEMORY + "2'", "'active'", "'yesterday'", "'{broken'"),
            memory("'" + MEMORY + "3'", "NULL", "'2025-13-45 00:00:00'", "'[1]'"),
            "INSERT INTO memories (id, user_id, app_id, content) VALUES"
                + " ('"
                + MEMORY
                + "4', 'dddddddddddddddddddddddddddddddd', 'x', 'without an owner')",
            "INSERT INTO memory_categories VALUES"
                + " ('"
                + MEMORY
                + "0', 'ccccccccccccccccccccccccccccccc0'),"
                + " ('"
                + MEMORY
                + "0', 'ccccccccccccccccccccccccccccccc9'),"
                + " ('"
                + MEMORY
                + "2', 'no-category')",
            "INSERT INTO memory_status_history VALUES"
                + " ('fedcbafedcbafedcbafedcbafedcbaf0', '"
                + MEMORY
                + "0', '"
                + USER
                + "',"
                + " 'active', 'burnt', NULL)");
    ExportReport report = export(Optional.empty());
    OpenMemoryImport imported = OpenMemoryImport.of(zip());

    assertThat(imported.memories)
        .containsOnlyKeys(
            MemoriesDatabase.uuid(MEMORY + "0"),
            MemoriesDatabase.uuid(MEMORY + "2"),
            MemoriesDatabase.uuid(MEMORY + "3"));
    assertThat(memory(imported.memories, 0).categories()).containsExactly("kept");
    assertThat(memory(imported.memories, 0).metadata().toString()).isEqualTo("{\"a\":1.0}");
    assertThat(memory(imported.memories, 3).state()).isEqualTo("active");
    assertThat(report.ok()).isFalse();
    assertThat(report.warnings())
        .extracting(Warning::message)
        .containsExactlyInAnyOrder(
            left("memories", "ABCDEFABCDEFABCDEFABCDEFABCDEFA0", "its id occurs twice"),
            left("memories", "not-an-id", "its id is no UUID"),
            left("memories", MEMORY + "1", "OpenMemory knows no such state"),
            left("memories", MEMORY + "4", "its user does not exist"),
            left("categories", "no-category", "its id is no UUID"),
            left(
                "memory_categories",
                MEMORY + "0 ccccccccccccccccccccccccccccccc9",
                "there is no such category to go with it"),
            left(
                "memory_categories",
                MEMORY + "2 no-category",
                "there is no such category to go with it"),
            left(
                "memory_status_history",
                "fedcbafedcbafedcbafedcbafedcbaf0",
                "OpenMemory knows no such new_state"),
            value(2, "created_at", "it is no time"),
            value(2, "metadata", "it is no valid JSON"),
            value(3, "created_at", "it is no time"));
  }

  @Test
  void aFloodOfBadRowsIsCountedAndNotListed() throws Exception {
    likeTheSample()
        .run(
            "INSERT INTO users (id, user_id) VALUES ('" + USER + "', 'alice')",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                + " INSERT INTO memories (id, user_id, app_id, content)"
                + " SELECT 'bad ' || i, '"
                + USER
                + "', 'x', 'text' FROM n");
    List<Warning> warnings = export(Optional.empty()).warnings();
    assertThat(warnings).hasSize(101);
    assertThat(warnings.get(100).message()).isEqualTo("4900 more rows or values are left out");
  }

  private MemoriesDatabase likeTheSample() throws Exception {
    return MemoriesDatabase.emptied(file());
  }

  private Path file() {
    return temp.resolve("openmemory.db");
  }

  private Path zip() {
    return temp.resolve("export.zip");
  }

  private ExportReport export(Optional<String> user) throws Exception {
    StoredObjects stored = new StoredObjects(new InMemoryBackupTarget());
    stored.write("generated/openmemory.db", file());
    return Backups.in(stored.target())
        .exportMemories(
            new BackupName("generated"), new ExportRequest(ExportFormat.OPENMEMORY, user), zip());
  }

  private static String memory(String id, String state, String created, String metadata) {
    return String.format(
        Locale.ROOT,
        "INSERT INTO memories (id, user_id, app_id, content, state, created_at, metadata)"
            + " VALUES (%s, '%s', 'x', 'text', %s, %s, %s)",
        id,
        USER,
        state,
        created,
        metadata);
  }

  private static Memory memory(Map<UUID, Memory> memories, int last) {
    return Objects.requireNonNull(memories.get(MemoriesDatabase.uuid(MEMORY + last)));
  }

  private static String left(String table, String id, String reason) {
    return "row " + id + " of " + table + " is left out: " + reason;
  }

  private static String value(int last, String column, String reason) {
    return column
        + " of row abcdefab-cdef-abcd-efab-cdefabcdefa"
        + last
        + " of memories is left out: "
        + reason;
  }
}
