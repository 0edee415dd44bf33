package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.diff.BackupDiff;
import dev.openmemory.backup.diff.BackupDiff.Memories;
import dev.openmemory.backup.diff.BackupDiff.Memory;
import dev.openmemory.backup.diff.BackupDiff.Rows;
import dev.openmemory.backup.diff.BackupDiff.Settings;
import dev.openmemory.backup.diff.BackupDiff.Table;
import dev.openmemory.backup.diff.BackupDiff.Text;
import dev.openmemory.backup.diff.BackupDiff.Version;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.sample.MemoriesDatabase;
import dev.openmemory.backup.sample.NaiveDiff;
import dev.openmemory.backup.sample.NaiveDiff.Row;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Differences between backups are found, all of them and no others, and nothing is touched. */
class DiffTest {
  private static final String A_MEMORY = "abcdefabcdefabcdefabcdefabcdefa";

  @TempDir Path temp;
  private final StoredObjects stored = new StoredObjects(new InMemoryBackupTarget());

  @Test
  void memoriesAndRowsAreThoseOfASecondFormulation() throws Exception {
    assertMemoriesAreFound(Seeds.random());
    assertRowsAreCounted(Seeds.random());
  }

  @SoakTest
  void soAreOthers() throws Exception {
    Soak.rounds(
        random -> {
          assertMemoriesAreFound(random);
          assertRowsAreCounted(random);
        });
  }

  private void assertMemoriesAreFound(Random random) throws Exception {
    forget();
    List<Row> before = rows(random, 400);
    List<Row> after = edited(random, before);
    memories("a", "CREATE TABLE memories (id CHAR(32), content TEXT, state TEXT)", before);
    memories("b", "CREATE TABLE memories (state TEXT, content TEXT, id CHAR(32))", after);
    NaiveDiff expected = new NaiveDiff(before, after);
    assertThat(expected.added).isNotEmpty();
    assertThat(expected.removed).isNotEmpty();
    assertThat(expected.changed).isNotEmpty();
    BackupDiff diff = diff(DiffRequest.STANDARD.naming(1000));
    Memories found = diff.memories().orElseThrow();
    assertThat(found.added().first()).extracting(Memory::id).isEqualTo(expected.added);
    assertThat(found.removed().first()).extracting(Memory::id).isEqualTo(expected.removed);
    assertThat(found.changed().first())
        .extracting(m -> m.id() + " " + m.columns().stream().sorted().toList())
        .isEqualTo(expected.changed);
    assertThat(table(diff, "memories").rows())
        .hasValue(
            new Rows(
                expected.added.size(),
                expected.removed.size(),
                expected.changed.size(),
                before.size() - expected.removed.size()));
    assertThat(diff.same()).isFalse();
  }

  private void assertRowsAreCounted(Random random) throws Exception {
    forget();
    Map<String, Integer> before = keyed(random, Map.of());
    Map<String, Integer> after = keyed(random, before);
    List<Integer> bagBefore = random.ints(200, 0, 30).boxed().toList();
    List<Integer> bagAfter = random.ints(150, 0, 40).boxed().toList();
    tables("a", before, bagBefore);
    tables("b", after, bagAfter);
    long both = before.keySet().stream().filter(after::containsKey).count();
    long changed =
        before.entrySet().stream()
            .filter(row -> after.containsKey(row.getKey()) && !after.entrySet().contains(row))
            .count();
    List<Integer> left = new ArrayList<>(bagBefore);
    List<Integer> added = new ArrayList<>(bagAfter);
    bagAfter.forEach(left::remove);
    bagBefore.forEach(added::remove);
    BackupDiff diff = diff(DiffRequest.STANDARD);
    Rows keyed = new Rows(after.size() - both, before.size() - both, changed, both);
    Rows bag = new Rows(added.size(), left.size(), 0, bagBefore.size() - left.size());
    for (String name : List.of("keyed", "without rowid", "odd \"name'", "compound")) {
      Rows rows = table(diff, name).rows().orElseThrow();
      if (name.equals("without rowid")) {
        // Without a way to find a row again, a changed one is another one.
        keyed = new Rows(keyed.added() + changed, keyed.removed() + changed, 0, both - changed);
      }
      assertThat(rows).as(name).isEqualTo(keyed);
      keyed = new Rows(after.size() - both, before.size() - both, changed, both);
    }
    assertThat(table(diff, "bag").rows()).hasValue(bag);
  }

  @Test
  void theSameContentsAreTheSame() throws Exception {
    database("a", "CREATE TABLE memories (id CHAR(32) PRIMARY KEY, content TEXT)", memory(1, "x"));
    database(
        "b",
        "CREATE TABLE memories (content TEXT, id UUID PRIMARY KEY)",
        "INSERT INTO memories VALUES ('x', upper('" + A_MEMORY + "1'))");
    stored.write("a/config.json", "{\"a\": 1, \"b\": [true, null]}");
    stored.write("b/config.json", "{ \"b\":[true,null], \"a\":1 }");
    BackupDiff diff = diff(DiffRequest.STANDARD);
    assertThat(diff.same()).isTrue();
    assertThat(diff.memories().orElseThrow().changed().count()).isZero();
    assertThat(diff.settings()).isEmpty();
    assertThat(diff.notCompared()).extracting(Warning::code).containsOnly("no-vectors");
  }

  @Test
  void schemasThatDifferAreComparedByWhatTheyShare() throws Exception {
    database(
        "a",
        "CREATE TABLE memories (id CHAR(32) PRIMARY KEY, content TEXT, old_column TEXT)",
        "INSERT INTO memories VALUES ('" + A_MEMORY + "1', 'x', 'lost')",
        "CREATE TABLE only_a (id INTEGER PRIMARY KEY)",
        "INSERT INTO only_a VALUES (1), (2)",
        "CREATE TABLE nothing_shared (a TEXT)",
        "CREATE TABLE other_key (a TEXT PRIMARY KEY, b TEXT)",
        "INSERT INTO other_key VALUES ('1', '2')");
    database(
        "b",
        "CREATE TABLE Memories (ID UUID PRIMARY KEY, content TEXT, state TEXT)",
        "INSERT INTO memories VALUES ('" + A_MEMORY + "1', 'x', 'paused')",
        "CREATE TABLE only_b (id INTEGER)",
        "CREATE TABLE nothing_shared (b TEXT)",
        "CREATE TABLE other_key (a TEXT, b TEXT PRIMARY KEY)",
        "INSERT INTO other_key VALUES ('1', '2'), ('1', '3')");
    BackupDiff diff = diff(DiffRequest.STANDARD);
    assertThat(diff.same()).isFalse();
    Table memories = table(diff, "memories");
    assertThat(memories.columnsAdded()).containsExactly("state");
    assertThat(memories.columnsRemoved()).containsExactly("old_column");
    assertThat(memories.rows()).hasValue(new Rows(0, 0, 0, 1));
    assertThat(diff.memories().orElseThrow().statesBefore()).isEqualTo(Map.of("other", 1L));
    assertThat(diff.memories().orElseThrow().statesAfter()).isEqualTo(Map.of("paused", 1L));
    assertThat(table(diff, "only_a").before()).hasValue(2);
    assertThat(table(diff, "only_a").after()).isEmpty();
    assertThat(table(diff, "only_b").rows()).isEmpty();
    assertThat(table(diff, "nothing_shared").rows()).isEmpty();
    assertThat(table(diff, "other_key").rows()).hasValue(new Rows(1, 0, 0, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE something (x)",
        "CREATE VIEW memories AS SELECT 1 AS id, 'x' AS content",
        "CREATE TABLE memories (content TEXT)",
        "CREATE TABLE memories (id TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID"
      })
  void databasesWithoutUsualMemoriesAreComparedAllTheSame(String other) throws Exception {
    database("a", "CREATE TABLE memories (id CHAR(32) PRIMARY KEY, content TEXT)", memory(1, "x"));
    database("b", other);
    BackupDiff diff = diff(DiffRequest.STANDARD);
    assertThat(diff.memories()).isEmpty();
    assertThat(diff.notCompared()).extracting(Warning::code).contains("no-memories");
    assertThat(diff.same()).isFalse();
  }

  @Test
  void anEmptyDatabaseHasNoRows() throws Exception {
    database("a", "CREATE TABLE t (x)", "DROP TABLE t");
    database("b", "CREATE TABLE memories (id CHAR(32) PRIMARY KEY, content TEXT)", memory(1, "x"));
    assertThat(table(diff(DiffRequest.STANDARD), "memories").after()).hasValue(1);
  }

  @Test
  void whatOneDoesNotHaveIsSaidAndIsADifference() throws Exception {
    database("a", "CREATE TABLE t (x)");
    stored.write("b/config.json", "{}");
    BackupDiff diff = diff(DiffRequest.STANDARD);
    assertThat(diff.same()).isFalse();
    assertThat(diff.tables()).isEmpty();
    assertThat(diff.notCompared())
        .extracting(Warning::message)
        .containsExactly(
            "backup b has no database",
            "backup a has no config",
            "backup a has no vectors",
            "backup b has no vectors");
    assertThat(diff.parts()).extracting(BackupDiff.Part::component).contains("database", "config");
  }

  @Test
  void settingsAreToldByPlaceInBothDocumentsAndNeverByValue() throws Exception {
    database(
        "a",
        "CREATE TABLE configs (id TEXT PRIMARY KEY, key TEXT UNIQUE, value JSON)",
        "INSERT INTO configs VALUES ('1', 'main', '{\"mem0\": {\"key\": \"sk-OLD\"}}'),"
            + " ('2', 'gone', '{\"g\": \"sk-OLD\"}'), ('3', 'text', 'sk-OLD no json')");
    database(
        "b",
        "CREATE TABLE configs (id TEXT PRIMARY KEY, key TEXT UNIQUE, value JSON)",
        "INSERT INTO configs VALUES ('1', 'main', '{\"mem0\": {\"key\": \"sk-NEW\"}}'),"
            + " ('2', 'here', '{\"h\": [\"sk-NEW\"]}'), ('3', 'text', 'sk-NEW no json')");
    stored.write(
        "a/config.json",
        "{\"same\": \"sk-OLD\", \"was\": {\"a\": \"sk-OLD\", \"b\": []}, \"list\": [1, \"sk-OLD\"]}");
    stored.write(
        "b/config.json",
        "{\"same\": \"sk-OLD\", \"list\": [1, \"sk-NEW\", 3], \"was\": \"sk-NEW\", \"new\": {}}");
    BackupDiff diff = diff(DiffRequest.STANDARD.withContent());
    assertThat(diff.settings())
        .extracting(Settings::document)
        .containsExactly("config.json", "table configs");
    Settings file = diff.settings().get(0);
    assertThat(file.added().first()).containsExactlyInAnyOrder("list[2]", "new");
    assertThat(file.removed().first()).isEmpty();
    assertThat(file.changed().first()).containsExactlyInAnyOrder("was", "list[1]");
    Settings table = diff.settings().get(1);
    assertThat(table.added().first()).containsExactly("here.h[0]");
    assertThat(table.removed().first()).containsExactly("gone.g");
    assertThat(table.changed().first()).containsExactlyInAnyOrder("main.mem0.key", "text");
    assertThat(diff.toString()).doesNotContain("sk-");
  }

  @Test
  void aConfigurationThatIsNotJsonIsComparedAsAWhole() throws Exception {
    database("a", "CREATE TABLE t (x)");
    database("b", "CREATE TABLE t (x)");
    stored.write("a/config.json", "{\"a\": \"sk-CANARY\",");
    stored.write("b/config.json", "{}");
    BackupDiff diff = diff(DiffRequest.STANDARD);
    assertThat(diff.settings().get(0).changed().first()).containsExactly("");
    assertThat(diff.notCompared()).extracting(Warning::code).contains("config-not-json");
    assertThat(diff.toString()).contains("config.json of a").doesNotContain("CANARY");
    stored.write("b/config.json", stored.bytes("a/config.json"));
    assertThat(diff(DiffRequest.STANDARD).same()).isTrue();
  }

  @Test
  void textsAreReadOnlyWhenAskedForAndCutOff() throws Exception {
    String longText = "y".repeat(Text.MOST_CHARACTERS + 5);
    database("a", "CREATE TABLE memories (id CHAR(32) PRIMARY KEY, content TEXT)", memory(1, "x"));
    database(
        "b", "CREATE TABLE memories (id CHAR(32) PRIMARY KEY, content TEXT)", memory(1, longText));
    BackupDiff silent = diff(DiffRequest.STANDARD);
    Memory without = silent.memories().orElseThrow().changed().first().get(0);
    assertThat(without.before().flatMap(Version::content)).isEmpty();
    assertThat(without.after().flatMap(Version::content)).isEmpty();
    Memory with =
        diff(DiffRequest.STANDARD.withContent()).memories().orElseThrow().changed().first().get(0);
    assertThat(with.before().flatMap(Version::content)).hasValue(new Text("x", 1));
    Text cut = with.after().flatMap(Version::content).orElseThrow();
    assertThat(cut.beginning()).hasSize(Text.MOST_CHARACTERS);
    assertThat(cut.characters()).isEqualTo(longText.length());
    assertThat(with.toString()).doesNotContain("yyy");
  }

  @Test
  void listsAreCutOffAndTellHowManyMoreThereAre() throws Exception {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE TABLE memories (id TEXT, content TEXT)");
    database("a", statements.get(0));
    for (int i = 0; i < 9; i++) {
      statements.add("INSERT INTO memories VALUES ('" + i + "x', 'c')");
    }
    statements.add("INSERT INTO memories VALUES ('" + "z".repeat(500) + "', 'c')");
    database("b", statements.toArray(String[]::new));
    Memories found = diff(DiffRequest.STANDARD.naming(3)).memories().orElseThrow();
    assertThat(found.added().first()).extracting(Memory::id).containsExactly("0x", "1x", "2x");
    assertThat(found.added().more()).isEqualTo(7);
    Memories all = diff(DiffRequest.STANDARD).memories().orElseThrow();
    assertThat(all.added().first().get(9).id()).isEqualTo("z".repeat(80) + "...");
  }

  @Test
  void databasesOfDifferentTextEncodingsAreRefused() throws Exception {
    database("a", "CREATE TABLE t (x)");
    database("b", "PRAGMA encoding = 'UTF-16le'", "CREATE TABLE t (x)");
    assertKind(Kind.UNSUPPORTED, "UTF-16le");
  }

  @Test
  void damageIsAFailureThatNamesTheBackup() throws Exception {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    stored.create(sample, "a");
    stored.write("b/openmemory.db", sample.database());
    stored.write("b/config.json", "{}");
    stored.write("b/qdrant-storage.tar.gz", stored.bytes("a/qdrant-storage.tar.gz"));
    BackupDiff whole = diff(DiffRequest.STANDARD);
    assertThat(whole.collections()).isNotEmpty();
    assertThat(whole.parts().get(2).before()).isPresent();

    stored.flip("b/qdrant-storage.tar.gz");
    assertKind(Kind.CORRUPT, "b/qdrant-storage.tar");
    stored.remove("b/qdrant-storage.tar.gz");
    stored.flip("a/config.json");
    assertKind(Kind.CORRUPT, "a/config.json");
    stored.flip("a/openmemory.db");
    assertKind(Kind.CORRUPT, "a/openmemory.db");
    stored.remove("a/openmemory.db");
    assertKind(Kind.CORRUPT, "openmemory.db is missing");
    stored.write("a/manifest.json", "{broken");
    assertKind(Kind.CORRUPT, "manifest.json");
    stored.remove("a/manifest.json");
    stored.write("a/openmemory.db", "no database at all".repeat(100));
    assertKind(Kind.CORRUPT, "not an SQLite database");
    stored.remove("b");
    assertKind(Kind.NOT_FOUND, "No backup named 'b' in ");
  }

  @Test
  void aRequestToStopEndsIt() throws Exception {
    database("a", "CREATE TABLE t (x)");
    database("b", "CREATE TABLE t (x)");
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    Backups backups =
        Backups.in(stored.target()).withScratch(scratch()).withCancellation(cancellation);
    assertThatThrownBy(
            () -> backups.diff(new BackupName("a"), new BackupName("b"), DiffRequest.STANDARD))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    assertThat(scratch()).isEmptyDirectory();
  }

  private BackupDiff diff(DiffRequest request) throws Exception {
    Map<String, String> objects = stored.objects();
    try {
      return Backups.in(stored.target())
          .withScratch(scratch())
          .diff(new BackupName("a"), new BackupName("b"), request);
    } finally {
      assertThat(stored.objects().equals(objects)).as("nothing is touched").isTrue();
      assertThat(scratch()).isEmptyDirectory();
    }
  }

  private Path scratch() throws IOException {
    return Files.createDirectories(temp.resolve("scratch"));
  }

  private void assertKind(Kind kind, String fact) {
    assertThatThrownBy(() -> diff(DiffRequest.STANDARD))
        .isInstanceOfSatisfying(
            BackupException.class,
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
              assertThat(e.getMessage()).contains(fact);
            });
  }

  private MemoriesDatabase database(String name, String... statements) throws Exception {
    Path file = temp.resolve(name + ".db");
    MemoriesDatabase database = new MemoriesDatabase(file).run(statements);
    stored.write(name + "/openmemory.db", file);
    return database;
  }

  private void forget() throws IOException {
    for (String name : List.of("a", "b")) {
      Files.deleteIfExists(temp.resolve(name + ".db"));
    }
  }

  private static String memory(int number, String content) {
    return "INSERT INTO memories (id, content) VALUES ('"
        + A_MEMORY
        + number
        + "', '"
        + content
        + "')";
  }

  private static Table table(BackupDiff diff, String name) {
    return diff.tables().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Row> rows(Random random, int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(random));
    }
    return rows;
  }

  private static Row row(Random random) {
    String digits = String.format(Locale.ROOT, "%032x", random.nextInt(600));
    String id =
        switch (random.nextInt(12)) {
          case 0 -> digits.toUpperCase(Locale.ROOT);
          case 1 -> MemoriesDatabase.uuid(digits).toString();
          case 2 -> "no id " + random.nextInt(5);
          case 3 -> null;
          default -> digits;
        };
    return new Row(id, content(random), random.nextBoolean() ? "active" : "deleted");
  }

  private static String content(Random random) {
    return List.of("", "a", "A", "ä\n", "\ud83d\ude00", "1", "1.0", "'").get(random.nextInt(8));
  }

  private static List<Row> edited(Random random, List<Row> before) {
    List<Row> after = new ArrayList<>();
    for (Row row : before) {
      int what = random.nextInt(10);
      if (what == 0) {
        continue;
      }
      after.add(what == 1 ? new Row(row.id(), content(random), row.state()) : row);
    }
    after.addAll(rows(random, 30));
    return after;
  }

  private void memories(String name, String table, List<Row> rows) throws Exception {
    MemoriesDatabase database = database(name, table);
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database.file());
        PreparedStatement insert =
            db.prepareStatement("INSERT INTO memories (id, content, state) VALUES (?, ?, ?)")) {
      db.setAutoCommit(false);
      for (Row row : rows) {
        insert.setString(1, row.id());
        insert.setString(2, row.content());
        insert.setString(3, row.state());
        insert.executeUpdate();
      }
      db.commit();
    }
    stored.write(name + "/openmemory.db", database.file());
  }

  private static Map<String, Integer> keyed(Random random, Map<String, Integer> base) {
    Map<String, Integer> rows = new HashMap<>(base);
    rows.keySet().removeIf(key -> random.nextInt(5) == 0);
    rows.replaceAll((key, value) -> random.nextInt(4) == 0 ? random.nextInt(9) : value);
    for (int i = 0; i < 100; i++) {
      rows.put("k" + random.nextInt(300), random.nextInt(9));
    }
    return rows;
  }

  private void tables(String name, Map<String, Integer> keyed, List<Integer> bag) throws Exception {
    MemoriesDatabase database =
        database(
            name,
            "CREATE TABLE keyed (k TEXT PRIMARY KEY, v INTEGER)",
            "CREATE TABLE \"without rowid\" (k TEXT PRIMARY KEY, v INTEGER) WITHOUT ROWID",
            "CREATE TABLE \"odd \"\"name'\" (\"k \"\"%s'\" TEXT PRIMARY KEY, side INTEGER)",
            "CREATE TABLE compound (k TEXT, k2 INTEGER, v INTEGER, w, PRIMARY KEY (k2, k))",
            "CREATE TABLE bag (side INTEGER)");
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database.file());
        Statement sql = db.createStatement()) {
      db.setAutoCommit(false);
      for (Map.Entry<String, Integer> row : keyed.entrySet()) {
        String values = "('" + row.getKey() + "', " + row.getValue() + ")";
        sql.executeUpdate("INSERT INTO keyed VALUES " + values);
        sql.executeUpdate("INSERT INTO \"without rowid\" VALUES " + values);
        sql.executeUpdate("INSERT INTO \"odd \"\"name'\" VALUES " + values);
        sql.executeUpdate(
            "INSERT INTO compound VALUES ('"
                + row.getKey().substring(1)
                + "', NULL, "
                + row.getValue()
                + ", NULL)");
      }
      for (int value : bag) {
        sql.executeUpdate("INSERT INTO bag VALUES (" + value + ")");
      }
      db.commit();
    }
    stored.write(name + "/openmemory.db", database.file());
  }
}
