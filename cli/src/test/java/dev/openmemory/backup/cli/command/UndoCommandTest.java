package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class UndoCommandTest extends SampleTest {
  private static final String CHANGED = "{\"changed\": true}";

  private Path segment = Path.of("");
  private String original = "";

  @BeforeEach
  void restore() throws IOException {
    sample.backUp("first");
    original = Files.readString(sample.config());
    segment = sample.storage().resolve("collections/openmemory/segment.dat");
    Files.writeString(sample.config(), CHANGED);
    Files.writeString(segment, "changed");
    execute("PRAGMA user_version = 77");
    succeed("restore", "first", "--yes");
    assertThat(segment).hasSize(20_000);
  }

  @Test
  void aPersonSeesWhatWillComeBackSaysYesAndMayGoBackAndForth() throws IOException {
    CommandLineRun run = new Surroundings().answering("y").run(sample.onStorage("undo"));

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.err())
        .containsPattern("Backup first \\([-0-9: ]+\\) was restored at [-0-9: ]+[.]")
        .contains("The data from before will replace")
        .contains(sample.database().toRealPath().toString())
        .contains("will be kept");
    assertThat(run.out())
        .contains("Undid the restore of backup first: database, config, vectors")
        .contains("To go back: openmemory-backup undo", "openmemory-backup cleanup");
    assertChangedIsBack();

    CommandLineRun again = new Surroundings().answering("yes").run(sample.onStorage("undo"));
    assertThat(again.err()).contains("The restore of backup first").contains("was undone at");
    assertThat(again.out()).contains("Brought back the restore of backup first");
    assertThat(sample.config()).hasContent(original);
    assertThat(segment).hasSize(20_000);
    succeed("undo", "--yes");
    assertChangedIsBack();
  }

  @Test
  void anyOtherAnswerAndADryRunChangeNothing() {
    CommandLineRun no = new Surroundings().answering("no").run(sample.onStorage("undo"));
    assertThat(no.exitCode()).isEqualTo(130);
    assertThat(sample.runOnStorage("undo").exitCode()).isEqualTo(2);
    assertThat(succeed("undo", "--dry-run").out())
        .contains("The restore of backup first can be undone: database, config, vectors")
        .contains("nothing was changed");
    assertThat(sample.config()).hasContent(original);
    assertThat(segment).hasSize(20_000);
  }

  @Test
  void jsonSaysWhatWasReplacedAndWhereThatIs() {
    JsonNode undo = succeed("undo", "--yes", "--json").json().get("undo");
    assertThat(undo.get("backup").asString()).isEqualTo("first");
    assertThat(undo.get("again").asBoolean()).isFalse();
    assertThat(undo.get("places")).hasSize(3);
    assertThat(Path.of(undo.at("/previous/config").asString()).resolve("config.json"))
        .hasContent(original);
  }

  @Test
  void whatWasSetAsideAndIsDamagedIsRefusedBeforeTheQuestion() throws IOException {
    Path database = previous("database").resolve("openmemory.db");
    byte[] bytes = Files.readAllBytes(database);
    Arrays.fill(bytes, 4096, 12_288, (byte) 7);
    Files.write(database, bytes);
    assertRefusedUnasked(5, "openmemory.db");
  }

  @Test
  void missingVectorsAreRefusedBeforeTheQuestion() throws IOException {
    Files.move(previous("vectors").resolve("collections/openmemory"), temp.resolve("taken away"));
    assertRefusedUnasked(5, "[openmemory]");
  }

  @Test
  void anInstallationWithOtherPlacesIsRefusedBeforeTheQuestion() throws IOException {
    Path moved = sample.home().resolve("moved");
    Files.move(sample.storage(), moved);
    CommandLineRun run =
        new Surroundings()
            .answering("y")
            .run(sample.here("undo", "--storage-path", moved.toString()));
    assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
    assertThat(run.err()).contains(moved.toString()).doesNotContain("will replace");
    assertThat(sample.config()).hasContent(original);
  }

  @Test
  void withoutARestoreThereIsNothingToUndo() {
    succeed("cleanup", "--yes");
    assertRefusedUnasked(4, "set nothing aside");
  }

  @Test
  void aConfigurationThatWasNotThereGoesAndComesBack() throws IOException {
    Files.delete(sample.config());
    succeed("restore", "first", "--yes");
    succeed("undo", "--yes");
    assertThat(sample.config()).doesNotExist();
    succeed("undo", "--yes");
    assertThat(sample.config()).hasContent(original);
    succeed("undo", "--yes");
    assertThat(sample.config()).doesNotExist();
  }

  @Test
  void aCleanupShowsWhatGoesAsksAndSaysHowMuchItWas() {
    assertThat(succeed("cleanup", "--keep-last").out()).contains("There is no previous data");
    assertThat(succeed("cleanup", "--dry-run").out()).contains("Would delete", "3 folders");
    CommandLineRun no = new Surroundings().answering("n").run(sample.onStorage("cleanup"));
    assertThat(no.exitCode()).isEqualTo(130);
    assertThat(no.err()).contains("After that the last restore cannot be undone.");

    CommandLineRun yes =
        new Surroundings().answering("y").run(sample.onStorage("cleanup", "--json"));

    assertThat(yes.exitCode()).as(yes.text()).isZero();
    JsonNode cleanup = yes.json().get("cleanup");
    assertThat(cleanup.get("removed")).hasSize(3);
    assertThat(cleanup.get("bytes").asLong()).isGreaterThan(CHANGED.length());
    assertThat(sample.storage().resolve(".openmemory-backup")).doesNotExist();
    assertThat(sample.home().resolve("api/.openmemory-backup")).doesNotExist();
  }

  @Test
  void onlyAPartIsNotTakenBack() {
    for (String command : new String[] {"undo", "cleanup"}) {
      CommandLineRun run = sample.runOnStorage(command, "--yes", "--only", "config");
      assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
    }
    assertThat(sample.config()).hasContent(original);
  }

  private void assertChangedIsBack() throws IOException {
    assertThat(sample.config()).hasContent(CHANGED);
    assertThat(segment).hasContent("changed");
    assertThat(userVersion()).isEqualTo(77);
  }

  private void assertRefusedUnasked(int exitCode, String text) {
    CommandLineRun run = new Surroundings().answering("y").run(sample.onStorage("undo"));
    assertThat(run.exitCode()).as(run.text()).isEqualTo(exitCode);
    assertThat(run.err()).contains(text).doesNotContain("will replace");
    assertThat(sample.config()).hasContent(original);
    assertThat(sample.home().resolve(".openmemory-backup/restore.json")).doesNotExist();
  }

  private Path previous(String component) {
    for (JsonNode folder : sample.runOnStorage("doctor", "--json").json().at("/doctor/setAside")) {
      if (folder.get("component").asString().equals(component)) {
        return Path.of(folder.get("folder").asString());
      }
    }
    throw new AssertionError("nothing of " + component + " is set aside");
  }

  private CommandLineRun succeed(String... args) {
    CommandLineRun run = sample.runOnStorage(args);
    assertThat(run.exitCode()).as(run.text()).isZero();
    return run;
  }

  private void execute(String sql) throws IOException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private int userVersion() throws IOException {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      return statement.executeQuery("PRAGMA user_version").getInt(1);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + sample.database());
  }
}
