package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryDetails;
import dev.openmemory.backup.memories.MemoryDetails.StateChange;
import dev.openmemory.backup.memories.MemoryDetails.Vector;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.sample.OpenMemoryImport;
import dev.openmemory.backup.sample.RecordingTarget;
import dev.openmemory.backup.testconditions.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Memories are found in a backup as they are in its database. */
class MemoriesTest extends SampleBackupFixture {
  private static final BackupName NAME = new BackupName("first");
  private static final JsonMapper JSON = new JsonMapper();

  @AfterEach
  void nothingIsLeftOver() {
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void theMemoriesOfARealInstallationAreListedOldestFirst() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    MemoriesDatabase database = new MemoriesDatabase(sample.database());
    List<Memory> all = list(MemoryQuery.ALL);
    assertThat(all).hasSize(61);
    assertThat(all)
        .isSortedAccordingTo(Comparator.comparing(memory -> memory.created().orElseThrow()));
    for (String user : List.of("alice", "bob")) {
      Map<UUID, OpenMemoryImport.Memory> expected = database.memoriesOf(user);
      List<Memory> found = list(MemoryQuery.ALL.withUser(user));
      assertThat(found).hasSameSizeAs(expected.keySet());
      for (Memory memory : found) {
        assertThat(asImported(memory)).isEqualTo(expected.get(UUID.fromString(memory.id())));
        assertThat(memory.user()).contains(user);
      }
    }
  }

  private static OpenMemoryImport.Memory asImported(Memory memory) {
    return new OpenMemoryImport.Memory(
        memory.text(),
        JSON.readTree(memory.metadata().orElse("{}")),
        memory.state(),
        memory.created(),
        memory.updated(),
        memory.archived(),
        memory.deleted(),
        new TreeSet<>(memory.categories()));
  }

  @Test
  void onlyTheDatabaseIsRead() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    RecordingTarget recorded = new RecordingTarget(target);
    Backups.in(recorded)
        .withScratch(temp.resolve("scratch"))
        .memories(NAME, MemoryQuery.ALL, memory -> {});
    assertThat(recorded.reads())
        .allMatch(name -> name.endsWith("manifest.json") || name.endsWith("openmemory.db"));
    assertThat(recorded.writes()).isEmpty();
  }

  @Test
  void eachConditionHasToHold() throws Exception {
    store(database().filled(40));
    MemoriesReport report =
        backups.memories(NAME, MemoryQuery.ALL.withUser("user1").withState("PAUSED"), m -> {});
    assertThat(report.memories()).isEqualTo(40);
    assertThat(report.found()).isEqualTo(4);
    assertThat(list(MemoryQuery.ALL.withUser("user1").withState("PAUSED")))
        .hasSize(4)
        .allMatch(m -> m.user().equals(Optional.of("user1")) && m.state().equals("paused"));
    assertThat(list(MemoryQuery.ALL.withApp("app2"))).hasSize(13);
    assertThat(list(MemoryQuery.ALL.withApp("app2").withUser("user1"))).isEmpty();
    // The last change: archived and deleted ones of 2025, the others of 1700000000 + 2 i.
    Instant since = Instant.ofEpochSecond(1_700_000_000L + 2 * 36);
    assertThat(list(MemoryQuery.ALL.withSince(since).withState("active"))).hasSize(1);
    assertThat(list(MemoryQuery.ALL.withSince(since).withState("deleted"))).hasSize(10);
    assertThat(list(MemoryQuery.ALL.withSince(since.plusSeconds(1)).withState("active"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "coff           | 1",
        "COFFEE         | 1",
        "drinks coffee  | 1",
        "coffee drinks  | 1",
        "offee          | -",
        "creme          | 2",
        "CRÈME brûlée   | 2",
        "strasse        | -",
        "straße         | 3",
        "京都            | 4",
        "都に            | 4",
        "C++            | 5",
        "c+             | 5",
        "c              | 1 2 5",
        "\"drinks coffee\" | 1",
        "\"coffee drinks\" | -",
        "\"drinks cof    | 1",
        "100%           | 6",
        "AND            | 7",
        "coffee AND NOT | -",
        "near*          | -",
        "x'--           | 8",
        "''''           | 8",
      })
  void theSearchFindsWords(String search, String expected) throws Exception {
    MemoriesDatabase database = database().filled(1).run("DELETE FROM memories");
    String[] texts = {
      "Alice drinks coffee",
      "Crème Brûlée",
      "lives in Lange Straße",
      "彼は京都に住んでいる",
      "likes C++ most",
      "gives 100% always",
      "salt and pepper",
      "x''--; DROP TABLE memories",
    };
    for (int i = 0; i < texts.length; i++) {
      database.run(
          "INSERT INTO memories (id, user_id, app_id, content, created_at) VALUES (printf('%032x', "
              + (i + 1)
              + "), 'x', 'y', '"
              + texts[i]
              + "', '2025-01-0"
              + (i + 1)
              + " 00:00:00')");
    }
    store(database);
    List<String> found = new ArrayList<>();
    list(MemoryQuery.ALL.withSearch(search))
        .forEach(memory -> found.add(memory.id().replaceFirst("^[0-]+", "")));
    assertThat(String.join(" ", found)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void noTextIsAnErrorInASearch() throws Exception {
    store(database().filled(1).run("UPDATE memories SET content = 'a \"b\" c* NEAR(d) AND -e ^f'"));
    Random random = Seeds.random();
    String characters = "ab \"'*^-+():{}[]\\/%_.,;\u0000\u0301\ud83d\ude00\u6771\n\tANDORNOTNEAR";
    for (int i = 0; i < 100; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length >= 0; length--) {
        text.append(characters.charAt(random.nextInt(characters.length())));
      }
      assertThat(list(MemoryQuery.ALL.withSearch(text.toString())))
          .as("%s", text)
          .hasSizeBetween(0, 1);
    }
  }

  @Test
  void aSearchWithoutWordsFindsAll() throws Exception {
    store(database().filled(3));
    assertThat(list(MemoryQuery.ALL.withSearch(" \"\" "))).hasSize(3);
  }

  @Test
  void oneMemoryIsFoundByTheBeginningOfItsId() throws Exception {
    store(database().filled(40));
    MemoryDetails details = backups.memory(NAME, "ABCDEF00-0000-0000-0000-000000000010");
    assertThat(details.memory().text()).startsWith("memory 16 ");
    assertThat(details.memory().categories()).containsExactly("Arbeit & Spaß");
    assertThat(details.changes())
        .containsExactly(
            new StateChange(
                "deleted",
                "active",
                Optional.of("user1"),
                Optional.of(Instant.parse("2025-01-02T03:04:05.000001Z"))));
    assertThat(backups.memory(NAME, "abcdef0000000000000000000000001f").memory().text())
        .startsWith("memory 31 ");
    assertThat(failureOf(() -> backups.memory(NAME, "abcdef")))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("abcdef00-0000-0000-0000-000000000009 and more");
    assertThat(failureOf(() -> backups.memory(NAME, "abce")).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failureOf(() -> backups.memory(NAME, " - ")).kind()).isEqualTo(Kind.INVALID);
  }

  @Test
  void anIdOfDecimalDigitsIsFound() throws Exception {
    store(database().filled(1).run("UPDATE memories SET id = '00000000000000000000000000001234'"));
    assertThat(list(MemoryQuery.ALL).get(0).id()).isEqualTo("00000000-0000-0000-0000-000000001234");
    assertThat(backups.memory(NAME, "00000000").memory().text()).startsWith("memory 0 ");
  }

  @Test
  void theDetailsSayWhetherTheVectorIsThere() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    String active = list(MemoryQuery.ALL.withState("active")).get(0).id();
    String deleted = list(MemoryQuery.ALL.withState("deleted")).get(0).id();
    assertThat(backups.memory(NAME, active).vector()).isEqualTo(Vector.UNKNOWN);
    assertThat(backups.memory(NAME, deleted).vector()).isEqualTo(Vector.ABSENT);
    recordComparison(active, 1);
    assertThat(backups.memory(NAME, active).vector()).isEqualTo(Vector.ABSENT);
    assertThat(backups.memory(NAME, deleted).vector()).isEqualTo(Vector.ABSENT);
    recordComparison("another", 1);
    assertThat(backups.memory(NAME, active).vector()).isEqualTo(Vector.PRESENT);
    recordComparison("another", 2);
    assertThat(backups.memory(NAME, active).vector()).isEqualTo(Vector.UNKNOWN);
    assertThat(backups.memory(NAME, active).toString())
        .doesNotContain(backups.memory(NAME, active).memory().text());
  }

  /** As if the backup had been made with a running Qdrant that lacks vectors. */
  private void recordComparison(String first, int count) throws IOException {
    ObjectNode manifest = (ObjectNode) JSON.readTree(stored.bytes("first/manifest.json"));
    for (JsonNode component : manifest.get("components")) {
      if (component.get("component").stringValue().equals("vectors")) {
        ObjectNode without =
            ((ObjectNode) component.get("facts"))
                .putObject("crossCheck")
                .putObject("withoutVector");
        without.put("count", count).putArray("first").add(first);
      }
    }
    stored.write("first/manifest.json", JSON.writeValueAsBytes(manifest));
  }

  @Test
  void anOlderDatabaseMayLackTablesAndColumns() throws Exception {
    store(
        database()
            .filled(2)
            .run(
                "DROP TABLE memory_status_history",
                "DROP TABLE memory_categories",
                "DROP TABLE apps",
                "DROP TABLE users",
                "CREATE TABLE old AS SELECT id, content FROM memories",
                "DROP TABLE memories",
                "ALTER TABLE old RENAME TO memories"));
    Memory memory = list(MemoryQuery.ALL).get(0);
    assertThat(memory.text()).startsWith("memory 0 ");
    assertThat(memory.state()).isEqualTo("active");
    assertThat(memory.user()).isEmpty();
    assertThat(memory.changed()).isEmpty();
    assertThat(backups.memory(NAME, memory.id()).changes()).isEmpty();
    assertThat(list(MemoryQuery.ALL.withUser("user0"))).isEmpty();
    assertThat(list(MemoryQuery.ALL.withSince(Instant.EPOCH))).isEmpty();
  }

  @Test
  void whatHasNoMemoriesIsNotFound() throws Exception {
    store(database().run("DROP TABLE memories"));
    assertThat(failureOf(() -> list(MemoryQuery.ALL)))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessageContaining("no table of OpenMemory's memories");
    assertThat(
            failureOf(() -> backups.memories(new BackupName("x"), MemoryQuery.ALL, m -> {})).kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void aDamagedDatabaseIsCorruptBeforeAMemoryIsHandedOver() throws Exception {
    backups.create(sample.installation(), BackupRequest.named("first"));
    stored.flip("first/openmemory.db");
    List<Memory> seen = new ArrayList<>();
    assertThat(failureOf(() -> backups.memories(NAME, MemoryQuery.ALL, seen::add)).kind())
        .isEqualTo(Kind.CORRUPT);
    assertThat(seen).isEmpty();
  }

  private MemoriesDatabase database() throws Exception {
    return MemoriesDatabase.emptied(temp.resolve("made.db"));
  }

  private void store(MemoriesDatabase database) throws IOException {
    Path file = database.file();
    stored.write("first/openmemory.db", file);
  }

  private List<Memory> list(MemoryQuery query) throws BackupException {
    List<Memory> found = new ArrayList<>();
    MemoriesReport report = backups.memories(NAME, query, found::add);
    assertThat(report.found()).isEqualTo(found.size());
    return found;
  }
}
