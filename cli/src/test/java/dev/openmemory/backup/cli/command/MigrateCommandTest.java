package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What a new server needs, reported by {@code migrate report} and after {@code import}, restore.
 */
@Timeout(120)
class MigrateCommandTest {
  private static final String CANARY = "sk-canary-of-the-new-server";

  @TempDir Path temp;
  private SampleHome old;
  private Path fresh;

  @BeforeEach
  void make() throws IOException {
    old = SampleHome.in(temp.resolve("old"));
    fresh = Files.createDirectories(temp.resolve("new"));
  }

  private void backUp() {
    CommandLineRun run = old.runOnStorage("backup", "first");
    assertThat(run.exitCode()).as(run.text()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
  }

  private CommandLineRun report(String... options) {
    return CommandLineRun.of(reporting(options));
  }

  private String[] reporting(String... options) {
    String[] places = {"--home", fresh.toString(), "--target", old.backups().toString()};
    return SampleHome.with(options, SampleHome.with(places, "migrate", "report", "first"));
  }

  private JsonNode items(String... options) {
    CommandLineRun run = report(SampleHome.with(options, "--json"));
    assertThat(run.exitCode()).as(run.text()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    assertThat(run.err()).isEmpty();
    return run.json().get("migration").get("items");
  }

  private static JsonNode item(JsonNode items, String subject) {
    for (JsonNode item : items) {
      if (item.get("subject").asString().equals(subject)) {
        return item;
      }
    }
    throw new AssertionError(subject + " is not in " + items);
  }

  private static String state(JsonNode items, String subject) {
    return item(items, subject).get("state").asString();
  }

  private Path env(String... lines) throws IOException {
    Path api = Files.createDirectories(fresh.resolve("api"));
    return Files.write(api.resolve(".env"), List.of(lines));
  }

  private void change(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + old.database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void whereThereIsNoOpenMemoryNothingIsKnownAndWhatIsNeededIsNamed() throws IOException {
    backUp();
    CommandLineRun run = report();
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("What backup first needs in " + fresh)
        .contains("unknown  variables   there is no OpenMemory in " + fresh)
        .contains("Set OPENAI_API_KEY in api/.env")
        .contains("Set USER in api/.env to one of alice, bob")
        .contains("Nothing has to be done, as far as it is known");
    try (var left = Files.list(fresh)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theServerThatItWasMadeOnHasAll() {
    backUp();
    CommandLineRun run = old.runOnStorage("migrate", "report", "latest");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("ok       variables")
        .contains("ok       user")
        .contains("ok       embedder")
        .doesNotContain("missing", "differs");
  }

  @Test
  void variablesThatAreNotSetOrEmptyAreNamedAndNoValueIsShown() throws IOException {
    backUp();
    env("OTHER=" + CANARY);
    JsonNode variables = item(items(), "variables");
    assertThat(variables.get("state").asString()).isEqualTo("missing");
    assertThat(variables.get("names").get(0).asString()).isEqualTo("OPENAI_API_KEY");
    assertThat(variables.get("found").asString()).contains("OPENAI_API_KEY is not set");
    assertThat(variables.get("remedy").asString()).contains("OPENAI_API_KEY");
    for (String empty : List.of("OPENAI_API_KEY=", "OPENAI_API_KEY=\"\"", "OPENAI_API_KEY= # x")) {
      env("USER=alice", empty);
      assertThat(item(items(), "variables").get("found").asString())
          .as(empty)
          .contains("OPENAI_API_KEY is empty");
    }
    for (String set :
        List.of(
            "export OPENAI_API_KEY=" + CANARY,
            "OPENAI_API_KEY='" + CANARY + "'",
            "OPENAI_API_KEY=\"" + CANARY + "\" # x")) {
      env("export USER='alice'", set);
      assertThat(report().exitCode()).as(set).isZero();
      for (String form : new String[] {"--json", "-v"}) {
        assertThat(report(form).text()).doesNotContain(CANARY);
      }
    }
  }

  @Test
  void anotherUserSeesNoMemories() throws IOException {
    backUp();
    env("OPENAI_API_KEY=" + CANARY, "USER=carol-of-the-new-server");
    CommandLineRun run = report();
    assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.WARNINGS);
    assertThat(run.out())
        .contains("differs  user")
        .contains("is none of the backup's users")
        .contains("to one of alice, bob")
        .contains("--format openmemory")
        .contains("1 thing has to be done")
        .doesNotContain("carol");
    env("OPENAI_API_KEY=" + CANARY);
    assertThat(state(items(), "user")).isEqualTo("missing");
  }

  @Test
  void anotherEmbedderDoesNotMatch() throws Exception {
    change("DELETE FROM configs");
    backUp();
    Files.createDirectories(fresh.resolve("api"));
    Path config = fresh.resolve("api/config.json");
    Files.writeString(
        config,
        "{'mem0': {'embedder': {'provider': 'ollama', 'config': {'model': 'm'}}}}"
            .replace('\'', '"'));
    JsonNode embedder = item(items(), "embedder");
    assertThat(embedder.get("state").asString()).isEqualTo("differs");
    assertThat(embedder.get("found").asString())
        .contains("openai text-embedding-3-small")
        .contains("ollama m");
    assertThat(embedder.get("remedy").asString()).contains("do not match");
    Files.copy(old.config(), Files.createDirectories(temp.resolve("c")).resolve("config.json"));
    assertThat(state(items("--config-json", temp.resolve("c/config.json").toString()), "embedder"))
        .isEqualTo("ok");
    Files.writeString(config, "{ not JSON, and " + CANARY);
    assertThat(state(items(), "embedder")).isEqualTo("unknown");
    assertThat(report().text()).doesNotContain(CANARY);
  }

  @Test
  void anEmbedderOfOtherDimensionsDoesNotMatch() throws Exception {
    change("DELETE FROM configs");
    Files.writeString(
        old.storage().resolve("collections/openmemory/config.json"),
        "{\"params\": {\"vectors\": {\"size\": 1536, \"distance\": \"Cosine\"}}}");
    backUp();
    Files.createDirectories(fresh.resolve("api"));
    Files.writeString(
        fresh.resolve("api/config.json"),
        Files.readString(old.config())
            .replace(
                "text-embedding-3-small\",", "text-embedding-3-small\", \"embedding_dims\": 768,"));
    JsonNode items = items();
    assertThat(state(items, "embedder")).isEqualTo("ok");
    JsonNode dimensions = item(items, "dimensions");
    assertThat(dimensions.get("state").asString()).isEqualTo("differs");
    assertThat(dimensions.get("found").asString()).contains("1536").contains("768");
  }

  @Test
  void settingsInTheDatabaseWinOverAConfigurationThatIsHere() throws IOException {
    backUp();
    Files.createDirectories(fresh.resolve("api"));
    Files.writeString(
        fresh.resolve("api/config.json"), "{\"mem0\": {\"embedder\": {\"provider\": \"ollama\"}}}");
    assertThat(state(items(), "embedder")).isEqualTo("ok");
  }

  @Test
  void theVersionOfARunningQdrantIsCompared() throws IOException {
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("qdrant/storage"))) {
      server.createCollection("openmemory");
      String url = server.uri().toString();
      old.run("backup", "first", "--qdrant-url", url, "--allow-empty-vectors");
      assertThat(state(items("--qdrant-url", url), "qdrant")).isEqualTo("ok");
      assertThat(state(items(), "qdrant")).isEqualTo("unknown");
      for (String other : List.of("1.17.9", "1.18.2", "1.19.0")) {
        server.version(other);
        JsonNode qdrant = item(items("--qdrant-url", url), "qdrant");
        assertThat(qdrant.get("state").asString()).as(other).isEqualTo("differs");
        assertThat(qdrant.get("found").asString()).contains("1.18.3").contains(other);
        assertThat(qdrant.get("remedy").asString()).contains("qdrant/qdrant:v1.18.3");
      }
      server.version("1.18.3");
      server.requireKey("secret-key-of-qdrant");
      CommandLineRun denied = report("--qdrant-url", url);
      assertThat(denied.exitCode()).as(denied.text()).isZero();
    }
  }

  @Test
  void aQdrantThatCannotBeReachedLeavesTheRestKnown() throws IOException {
    backUp();
    String url;
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("qdrant/storage"))) {
      server.createCollection("openmemory");
      url = server.uri().toString();
      old.run("backup", "second", "--qdrant-url", url, "--allow-empty-vectors");
    }
    CommandLineRun gone = old.run("migrate", "report", "second", "--qdrant-url", url);
    assertThat(gone.exitCode()).as(gone.text()).isZero();
    assertThat(gone.out())
        .contains("unknown  qdrant")
        .contains("cannot be reached")
        .contains("ok       variables");
  }

  @Test
  void ofABackupOfTheScriptsItsFilesTell() throws IOException {
    backUp();
    Path folder = old.backups().resolve("first");
    Files.delete(folder.resolve("manifest.json"));
    env("USER=carol");
    JsonNode items = items();
    assertThat(item(items, "variables").get("found").asString())
        .contains("OPENAI_API_KEY is not set");
    assertThat(state(items, "user")).isEqualTo("differs");
    assertThat(state(items, "embedder")).isEqualTo("ok");
    assertThat(state(items, "qdrant")).isEqualTo("unknown");

    Files.delete(folder.resolve("openmemory.db"));
    items = items();
    assertThat(item(items, "variables").get("found").asString()).contains("API_KEY is not set");
    assertThat(state(items, "user")).isEqualTo("unknown");

    Files.writeString(folder.resolve("openmemory.db"), "no database at all");
    assertThat(state(items(), "user")).isEqualTo("unknown");
    Files.delete(folder.resolve("config.json"));
    assertThat(state(items(), "variables")).isEqualTo("unknown");
  }

  @Test
  void aFileOfVariablesThatCannotBeReadLeavesTheRestKnown() throws IOException {
    backUp();
    Files.createDirectories(fresh.resolve("api/.env"));
    JsonNode items = items();
    assertThat(state(items, "variables")).isEqualTo("unknown");
    assertThat(item(items, "user").get("found").asString()).contains("not a regular file");
    assertThat(state(items, "embedder")).isEqualTo("ok");
  }

  @Test
  void aFileOfVariablesThatIsNotOurs() throws IOException {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may read everything");
    backUp();
    Path file = env("USER=alice");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assertThat(item(items(), "variables").get("found").asString()).contains(file.toString());
  }

  @Test
  void anUnknownBackupIsNotFound() {
    backUp();
    CommandLineRun run = old.run("migrate", "report", "frist");
    assertThat(run.exitCode()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(run.err()).contains("Did you mean first?");
    assertThat(old.run("migrate").exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(old.run("migrate", "report").exitCode()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void anEngineThatIsNeededForWhatIsNamedIsMissed() {
    backUp();
    for (String option : new String[] {"--volume", "--container", "--project"}) {
      CommandLineRun run = report(option, "x");
      assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.FAILED);
      assertThat(run.err()).contains("connect to Docker");
    }
  }

  @Test
  void aCancelledReportSaysSo() {
    backUp();
    CommandLineRun run = new Surroundings().cancelled().run(reporting());
    assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.CANCELLED);
  }

  // After an import.

  private Path archive() {
    Path file = temp.resolve("a.tar");
    assertThat(old.run("export", "first", file.toString()).exitCode()).isZero();
    return file;
  }

  private CommandLineRun importHere(String... options) {
    String file = temp.resolve("a.tar").toString();
    return CommandLineRun.of(SampleHome.with(options, "import", file, "--home", fresh.toString()));
  }

  @Test
  void afterAnImportTheNextStepsAreShownAndNothingElse() throws IOException {
    backUp();
    archive();
    env("OPENAI_API_KEY=" + CANARY, "USER=alice");
    CommandLineRun served = importHere();
    assertThat(served.exitCode()).as(served.text()).isZero();
    assertThat(served.out()).contains("Imported backup first").doesNotContain("needs");

    env("USER=alice", "OTHER=" + CANARY);
    CommandLineRun needy = importHere();
    assertThat(needy.exitCode()).as(needy.text()).isZero();
    assertThat(needy.out())
        .contains("For backup first this server still needs:")
        .contains("variables: OPENAI_API_KEY is not set")
        .doesNotContain("user:", "dimensions", CANARY);
    JsonNode json = importHere("--json").json();
    assertThat(json.get("import").get("backups").get(0).get("outcome").asString())
        .isEqualTo("same");
    assertThat(json.get("migration").get("name").asString()).isEqualTo("first");
    assertThat(json.get("migration").get("toDo").asInt()).isEqualTo(1);
  }

  @Test
  void anImportLooksWhereTheSettingsSay() throws IOException {
    backUp();
    archive();
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve(".env"), "OPENAI_API_KEY=\nUSER=alice\n");
    Files.writeString(
        fresh.resolve("openmemory-backup.yaml"),
        "config-json: " + elsewhere.resolve("config.json") + "\n");
    assertThat(importHere().out())
        .contains("OPENAI_API_KEY is empty in " + elsewhere.resolve(".env"));
  }

  @Test
  void anImportThatCannotBeReportedOnHasSucceededAllTheSame() throws IOException {
    backUp();
    archive();
    Files.writeString(fresh.resolve("openmemory-backup.yaml"), "qdrant-url: 'not an address'\n");
    CommandLineRun run = importHere();
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("Imported backup first");
    assertThat(run.err()).contains("warning: cannot check what this server needs");
    assertThat(importHere("--json").json().has("migration")).isFalse();
  }

  // After a restore.

  private CommandLineRun restoreHere(String... options) {
    String[] places = {
      "--home=" + fresh,
      "--target=" + old.backups(),
      "--db=" + fresh.resolve("api/openmemory.db"),
      "--storage-path=" + fresh.resolve("storage")
    };
    return CommandLineRun.of(
        SampleHome.with(options, SampleHome.with(places, "restore", "first", "--yes")));
  }

  @Test
  void afterARestoreTheNextStepsAreShownAndNothingElse() throws IOException {
    backUp();
    Files.createDirectories(fresh.resolve("storage"));
    env("OPENAI_API_KEY=", "USER=" + CANARY);
    assertThat(restoreHere("--dry-run").out()).doesNotContain("needs");
    CommandLineRun needy = restoreHere();
    assertThat(needy.exitCode()).as(needy.text()).isZero();
    assertThat(needy.out())
        .contains("Restored backup first")
        .contains("For backup first this server still needs:")
        .contains("variables: OPENAI_API_KEY is empty")
        .contains("user: USER in " + fresh.resolve("api/.env"))
        .doesNotContain(CANARY);
    JsonNode json = restoreHere("--json").json();
    assertThat(json.get("restore").get("name").asString()).isEqualTo("first");
    assertThat(json.get("migration").get("toDo").asInt()).isEqualTo(2);

    env("OPENAI_API_KEY=" + CANARY, "USER=bob");
    CommandLineRun served = restoreHere();
    assertThat(served.out()).contains("Restored backup first").doesNotContain("needs");
    assertThat(restoreHere("--json").json().get("migration").get("toDo").asInt()).isZero();
  }

  @Test
  void aRestoreWithoutTheConfigurationTellsWhenTheOneHereDoesNotFit() throws Exception {
    change("DELETE FROM configs");
    backUp();
    Files.createDirectories(fresh.resolve("storage"));
    env("API_KEY=x", "OPENAI_API_KEY=x", "USER=bob");
    Files.writeString(
        fresh.resolve("api/config.json"), "{\"mem0\": {\"embedder\": {\"provider\": \"ollama\"}}}");
    assertThat(restoreHere("--only", "database,vectors").out())
        .contains("embedder: the vectors were made by openai text-embedding-3-small")
        .contains("names ollama");
    assertThat(restoreHere().out()).doesNotContain("needs");
  }

  @Test
  void intoAFolderOfItsOwnNoServerIsMeant() {
    backUp();
    Path copy = temp.resolve("copy");
    CommandLineRun run = old.run("restore", "first", "--json", "--to", copy.toString());
    assertThat(run.json().has("restore")).isTrue();
    assertThat(run.json().has("migration")).isFalse();
  }
}
