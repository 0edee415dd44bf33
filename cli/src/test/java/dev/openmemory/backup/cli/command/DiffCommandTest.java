package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DiffCommandTest extends SampleTest {
  private static final String CANARY = "TEXT-canary-2222";

  @BeforeEach
  void backUp() {
    sample.backUp("first");
  }

  @Test
  void theTextShowsTheDifferences() throws Exception {
    change();
    CommandLineRun run = sample.run("diff", "first", "latest");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("From first", "to   second", "They differ.")
        .containsPattern("memories +61 +61 +1 +1 +2 +60")
        .containsPattern("apps +6 +6 +0 +0 +1 +6")
        .contains("the same: access_controls 0", "users 2")
        .contains("from 61 memories (56 active, 3 deleted, 2 paused)")
        .contains("+ abcdef00-0000-0000-0000-000000000001  active")
        .contains("active -> deleted  changed: state")
        .contains("changed: content")
        .contains("Settings in config.json", "~ mem0.llm.config.model", "+ added[0].key")
        .contains("Settings in table configs", "~ main.mem0.llm.config.api_key")
        .contains("the number of vectors was not recorded in backup first")
        .doesNotContain(CANARY);
  }

  @Test
  void withContentDifferentTextsAreShownToo() throws Exception {
    change();
    CommandLineRun run = sample.run("diff", "first", "second", "--content", "-v");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("- " + "fact number")
        .contains("+ " + CANARY + " \\u001b[2J\\nsecond line")
        .doesNotContain("\u001b");
    assertThat(run.err()).doesNotContain(CANARY);
  }

  @Test
  void theJsonShowsTheSameDifferences() throws Exception {
    change();
    JsonNode diff = sample.run("diff", "first", "second", "--json").json().get("diff");
    assertThat(diff.get("before").get("name").asString()).isEqualTo("first");
    assertThat(diff.get("after").get("state").asString()).isEqualTo("complete");
    assertThat(diff.get("same").asBoolean()).isFalse();
    assertThat(diff.get("components").get(0).get("identical").asBoolean()).isFalse();
    assertThat(diff.get("components").get(2).get("identical").asBoolean()).isFalse();
    assertThat(diff.get("components").get(0).get("before").get("storedBytes").asLong())
        .isEqualTo(Files.size(sample.backups().resolve("first/openmemory.db")));
    JsonNode memories = diff.get("memories");
    assertThat(memories.get("before").get("active").asInt()).isEqualTo(56);
    assertThat(memories.get("added").get("count").asInt()).isEqualTo(1);
    JsonNode added = memories.get("added").get("first").get(0);
    assertThat(added.get("id").asString()).isEqualTo("abcdef00-0000-0000-0000-000000000001");
    assertThat(added.get("after").get("state").asString()).isEqualTo("active");
    assertThat(added.get("after").has("content")).isFalse();
    assertThat(added.has("before")).isFalse();
    assertThat(memories.get("changed").get("count").asInt()).isEqualTo(2);
    assertThat(diff.get("tables").valueStream().map(t -> t.get("table").asString()))
        .contains("memories", "users");
    assertThat(diff.get("settings").get(0).get("document").asString()).isEqualTo("config.json");
    assertThat(diff.get("collections").valueStream().map(c -> c.get("collection").asString()))
        .containsExactly("more", "openmemory");
    assertThat(diff.get("notCompared").get(0).get("code").asString()).isEqualTo("points-unknown");
    assertThat(diff.get("elapsedSeconds").asDouble()).isNotNegative();
    JsonNode texts = sample.run("diff", "first", "second", "--json", "--content").json();
    assertThat(
            texts.at("/diff/memories/added/first/0/after/content").asString()
                + texts.at("/diff/memories/added/first/0/after/characters").asLong())
        .startsWith(CANARY)
        .endsWith("33");
  }

  @Test
  void theSameBackupIsTheSame() {
    CommandLineRun run = sample.run("diff", "first", "first");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("No difference was found.", "identical")
        .doesNotContain("They differ", "Settings in", "Not compared", "TABLE");
    JsonNode diff = sample.run("diff", "first", "first", "--json").json().get("diff");
    assertThat(diff.get("same").asBoolean()).isTrue();
    assertThat(diff.get("memories").get("changed").get("count").asInt()).isZero();
    assertThat(diff.get("settings")).isEmpty();
  }

  @Test
  void noValueOfAnySettingIsEverShown() throws Exception {
    change();
    for (String[] command :
        new String[][] {
          {"diff", "first", "second", "--content", "-v"},
          {"diff", "second", "first", "--content", "--json"}
        }) {
      CommandLineRun run = sample.run(command);
      assertThat(run.exitCode()).as(run.text()).isZero();
      assertThat(run.text())
          .contains("mem0.llm.config.model")
          .doesNotContain(
              SampleHome.LITERAL_KEY, SampleHome.ENV_VALUE, "VALUE-canary", "gpt-4o-mini");
    }
    Files.writeString(sample.backups().resolve("first/config.json"), "{\"VALUE-canary\": ");
    CommandLineRun damaged = sample.run("diff", "first", "second", "-v");
    assertThat(damaged.exitCode()).isEqualTo(5);
    assertThat(damaged.text()).contains("config.json").doesNotContain("VALUE-canary");
  }

  @Test
  void backupsOfScriptsAreComparedToo() throws Exception {
    change();
    Path scripted = Files.createDirectories(sample.backups().resolve("scripted"));
    for (String file : new String[] {"openmemory.db", "config.json", "qdrant-storage.tar.gz"}) {
      Files.copy(sample.backups().resolve("second").resolve(file), scripted.resolve(file));
    }
    CommandLineRun run = sample.run("diff", "first", "scripted");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("unverified", "They differ.")
        .containsPattern("memories +61 +61 +1 +1 +2 +60")
        .containsPattern("more +- +unknown");
    JsonNode same = sample.run("diff", "second", "scripted", "--json").json().get("diff");
    assertThat(same.get("same").asBoolean()).isTrue();
    assertThat(same.get("components").get(2).get("after").has("plainBytes")).isFalse();
    assertThat(same.get("components").get(2).has("identical")).isFalse();
  }

  @Test
  void namesAndIdsOfABackupCannotMoveTheCursor() throws Exception {
    sql(
        "CREATE TABLE \"t\u001b[31m\nx\" (\"c\u001b\" TEXT)",
        "INSERT INTO memories (id, user_id, app_id, content) VALUES ('id\u001b[2J\r', 'u', 'a', '')");
    Files.writeString(sample.config(), "{\"k\\u001b[1m\\u202e\": 1}");
    sample.backUp("second");
    CommandLineRun run = sample.run("diff", "first", "second");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("t\\u001b[31m\\nx", "+ id\\u001b[2j\\r", "+ k\\u001b[1m\\u202e")
        .doesNotContain("\u001b", "\u202e", "\r");
  }

  @Test
  void longListsAreCutOff() throws Exception {
    sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
            + " INSERT INTO memories (id, user_id, app_id, content)"
            + " SELECT printf('abcdef%026x', i), 'u', 'a', '' FROM n");
    sample.backUp("second");
    CommandLineRun run = sample.run("diff", "first", "second");
    assertThat(run.out()).contains("150 added", "and 50 more");
    JsonNode added =
        sample.run("diff", "first", "second", "--json").json().at("/diff/memories/added");
    assertThat(added.get("count").asInt()).isEqualTo(150);
    assertThat(added.get("first").size()).isEqualTo(100);
  }

  @Test
  void whatIsMissingOrDamagedIsNamed() throws Exception {
    CommandLineRun unknown = sample.run("diff", "first", "frist");
    assertThat(unknown.exitCode()).isEqualTo(4);
    assertThat(unknown.err()).contains("frist", "Did you mean first");
    assertThat(sample.run("diff", "first").exitCode()).isEqualTo(2);
    sample.backUp("second");
    Files.delete(sample.backups().resolve("second/openmemory.db"));
    CommandLineRun damaged = sample.run("diff", "first", "second", "--json");
    assertThat(damaged.exitCode()).isEqualTo(5);
    assertThat(damaged.json().at("/error/kind").asString()).isEqualTo("CORRUPT");
    assertThat(damaged.json().at("/error/message").asString()).contains("openmemory.db is missing");
  }

  /** A second backup, in which something of every kind is different. */
  private void change() throws Exception {
    sql(
        "UPDATE memories SET content = '"
            + CANARY
            + " changed' WHERE id = (SELECT min(id) FROM memories WHERE state = 'active'"
            + " AND content LIKE 'fact%')",
        "UPDATE memories SET state = 'deleted' WHERE id = (SELECT max(id) FROM memories"
            + " WHERE state = 'active')",
        "DELETE FROM memories WHERE id = (SELECT id FROM memories WHERE state = 'active'"
            + " AND content LIKE 'fact%' ORDER BY id LIMIT 1 OFFSET 3)",
        "INSERT INTO memories (id, user_id, app_id, content, state) SELECT"
            + " 'ABCDEF00000000000000000000000001', user_id, app_id, '"
            + CANARY
            + " ' || char(27) || '[2J' || char(10) || 'second line', 'active' FROM memories LIMIT 1",
        "UPDATE apps SET name = name || 'x' WHERE rowid = 1",
        "UPDATE configs SET value = replace(value, '"
            + SampleHome.LITERAL_KEY
            + "', 'VALUE-canary')");
    String config = Files.readString(sample.config());
    Files.writeString(
        sample.config(),
        config
            .replace("gpt-4o-mini", "VALUE-canary")
            .replaceFirst("\\{", "{\"added\": [{\"key\": \"VALUE-canary\"}], "));
    Path collection = Files.createDirectories(sample.storage().resolve("collections/more"));
    Files.writeString(collection.resolve("config.json"), "{}");
    sample.backUp("second");
    try (Stream<Path> files = Files.list(sample.backups().resolve("second"))) {
      assertThat(files).hasSize(5);
    }
  }

  private void sql(String... statements) throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement sql = db.createStatement()) {
      for (String statement : statements) {
        sql.executeUpdate(statement);
      }
    }
  }
}
