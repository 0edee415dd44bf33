package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ExportCommandTest extends SampleTest {
  private Path file;

  @BeforeEach
  void name() {
    file = temp.resolve("alice.zip");
  }

  @Test
  void theNewestBackupIsExportedForOneUser() throws IOException {
    sample.backUp("first");
    CommandLineRun run = export("latest", "--user", "alice");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("Exported the memories of alice from backup first")
        .contains(file.toString())
        .contains("56 memories (51 active, 3 deleted, 2 paused)")
        .contains("apps 5, categories 1");
    assertThat(run.err()).contains("Exporting first");
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream().map(Object::toString))
          .containsExactly("memories.json", "memories.jsonl.gz");
    }
  }

  @Test
  void jsonTellsWhatWasWritten() throws IOException {
    sample.backUp("first");
    JsonNode json = export("first", "--user", "bob", "--json").json().get("export");
    assertThat(json.get("name").asString()).isEqualTo("first");
    assertThat(json.get("format").asString()).isEqualTo("openmemory");
    assertThat(json.get("user").asString()).isEqualTo("bob");
    assertThat(json.get("file").asString()).isEqualTo(file.toString());
    assertThat(json.get("memories").get("active").asInt()).isEqualTo(5);
    assertThat(json.get("categories").asInt()).isEqualTo(1);
    assertThat(json.get("apps").asInt()).isEqualTo(1);
    assertThat(json.get("bytes").asLong()).isEqualTo(Files.size(file));
    assertThat(json.get("warnings")).isEmpty();
    assertThat(json.get("elapsedSeconds").asDouble()).isNotNegative();
  }

  @Test
  void standardOutputHoldsTheFileAlone() {
    sample.backUp("first");
    CommandLineRun run =
        sample.run("export", "first", "-", "--format", "openmemory", "--user", "bob");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("PK").doesNotContain("Exported");
    assertThat(run.err()).contains("Exported the memories of bob").contains("standard output");
    CommandLineRun both =
        sample.run("export", "first", "-", "--format", "openmemory", "--user", "bob", "--json");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.json().get("error").get("kind").asString()).isEqualTo("INVALID");
  }

  @Test
  void theUserHasToBeOneOfThoseThereAre() {
    sample.backUp("first");
    CommandLineRun unsaid = export("first");
    assertThat(unsaid.exitCode()).isEqualTo(2);
    assertThat(unsaid.err()).contains("alice, bob").contains("--user ID");
    CommandLineRun unknown = export("first", "--user", "carol");
    assertThat(unknown.exitCode()).isEqualTo(4);
    assertThat(unknown.err()).contains("'carol'").contains("alice, bob");
    assertThat(file).doesNotExist();
  }

  @Test
  void theFormatHasToBeSaid() {
    sample.backUp("first");
    CommandLineRun unsaid = sample.run("export", "first", file.toString(), "--user", "bob");
    assertThat(unsaid.exitCode()).isEqualTo(2);
    assertThat(unsaid.err()).contains("--format");
    CommandLineRun unknown =
        sample.run("export", "first", file.toString(), "--user", "bob", "--format", "csv");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(file).doesNotExist();
  }

  @Test
  void anExistingFileIsNotOverwritten() throws IOException {
    sample.backUp("first");
    Files.writeString(file, "mine");
    CommandLineRun run = export("first", "--user", "bob");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("exists already").contains("Name another FILE");
    assertThat(file).hasContent("mine");
  }

  @Test
  void whatCannotGoAlongIsAWarning() throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement sql = db.createStatement()) {
      sql.executeUpdate("UPDATE memories SET state = 'burnt' WHERE content = 'bob''s note 1'");
    }
    sample.backUp("first");
    CommandLineRun run = export("first", "--user", "bob");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).contains("4 active").contains("no such state [row-left-out]");
  }

  @Test
  void aDamagedDatabaseFailsTheVerificationAndLeavesNothing() throws IOException {
    sample.backUp("first");
    Path database = sample.backups().resolve("first/openmemory.db");
    byte[] bytes = Files.readAllBytes(database);
    bytes[bytes.length / 2] ^= 1;
    Files.write(database, bytes);
    assertThat(export("first", "--user", "bob").exitCode()).isEqualTo(5);
    assertThat(file).doesNotExist();
    assertThat(temp).isDirectoryNotContaining("glob:**/.alice*");
  }

  @Test
  void aCancelledExportLeavesNothing() {
    sample.backUp("first");
    String[] args =
        sample.here("export", "first", file.toString(), "--format", "openmemory", "--user", "bob");
    assertThat(new Surroundings().cancelled().run(args).exitCode()).isEqualTo(130);
    assertThat(temp).isDirectoryNotContaining("glob:**alice*");
  }

  private CommandLineRun export(String name, String... more) {
    return sample.run(
        SampleHome.with(more, "export", name, file.toString(), "--format", "openmemory"));
  }
}
