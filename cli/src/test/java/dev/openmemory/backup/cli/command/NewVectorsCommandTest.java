package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.testkit.embedding.EmbedderDouble;
import dev.openmemory.backup.testkit.embedding.EmbedderDouble.Question;
import dev.openmemory.backup.testkit.embedding.EmbedderDouble.Reply;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code --reembed} as it is typed, beside doubles of Qdrant and of an embedder. */
class NewVectorsCommandTest {
  private static final String LOST = "0ec1cd76-7790-4a13-8c70-40e321da09a8";
  private static final String KEY = "sk-canary-of-an-embedder";

  @TempDir Path folder;
  private SampleHome sample;
  private QdrantDouble server;
  private EmbedderDouble embedder;

  @BeforeEach
  void backUpWithoutOneVector() throws Exception {
    sample = SampleHome.in(folder.resolve("openmemory"));
    server = QdrantDouble.start(folder.resolve("qdrant/storage"));
    embedder = EmbedderDouble.start();
    server.createCollection("openmemory");
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement statement = db.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT id FROM memories WHERE state <> 'deleted'")) {
      while (rows.next()) {
        String id =
            rows.getString(1).replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
        server.put("openmemory", id, Map.of("user_id", "alice", "data", "text of " + id));
      }
    }
    server.remove("openmemory", LOST);
    assertThat(run("backup", "first").exitCode()).isEqualTo(3);
  }

  @AfterEach
  void stop() throws IOException {
    embedder.close();
    server.close();
  }

  private CommandLineRun run(String... args) {
    return run(new CommandLineRun.Surroundings().with("OPENAI_API_KEY", KEY), args);
  }

  private CommandLineRun run(CommandLineRun.Surroundings surroundings, String... args) {
    CommandLineRun done =
        surroundings.run(
            sample.here(SampleHome.with(new String[] {"--qdrant-url", "" + server.uri()}, args)));
    assertThat(done.text()).doesNotContain(KEY);
    return done;
  }

  private String[] reembed(String... args) {
    return SampleHome.with(
        new String[] {"--reembed", "--embedder-url", embedder.uri() + "/v1"}, args);
  }

  private void markDeleted() throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement statement = db.createStatement()) {
      statement.executeUpdate(
          "UPDATE memories SET state = 'deleted' WHERE id = '" + LOST.replace("-", "") + "'");
    }
  }

  @Test
  void howMuchIsSentIsSaidBeforeTheQuestionAndNothingIsSentWithoutAYes() throws Exception {
    String sent =
        "1 text with 59 characters, an estimated 15 tokens, for openai/text-embedding-3-small at "
            + embedder.uri()
            + "/v1";
    assertThat(run("repair", "--dry-run").out())
        .contains("left out 1 memory of which no vector was found; --reembed has new ones made");
    CommandLineRun shown = run(reembed("repair", "--dry-run"));
    assertThat(shown.out())
        .contains(": will get a new vector\n")
        .contains("  vector: will be made by the embedder\n")
        .contains("  new      1 vector of " + sent + "\n");
    CommandLineRun refused =
        run(
            new CommandLineRun.Surroundings().with("OPENAI_API_KEY", KEY).answering("no"),
            reembed("repair"));
    assertThat(refused.exitCode()).isEqualTo(130);
    assertThat(refused.err()).contains("Will be sent: " + sent + ". OpenMemory keeps running.");
    assertThat(embedder.questions()).isEmpty();

    CommandLineRun done = run(reembed("repair", "--yes"));
    assertThat(done.out()).contains("Changed 1 memory.").contains("  new      1 vector of " + sent);
    assertThat(server.ids("openmemory")).contains(LOST);
    assertThat(embedder.questions())
        .extracting(Question::authorization)
        .containsExactly("Bearer " + KEY);
    for (Path file : SampleHome.filesBelow(sample.home())) {
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
          .as(file.toString())
          .doesNotContain(KEY);
    }
  }

  @Test
  void aMemoryOfWhichTheBackupHasNoVectorIsRestoredAndProgramsReadHowMuchWasSent()
      throws Exception {
    markDeleted();
    JsonNode json = run(reembed("memories", "restore", "first", LOST, "--yes", "--json")).json();
    assertThat(json.at("/memories/0/vector").asString()).isEqualTo("new");
    assertThat(json.at("/newVectors/texts").asInt()).isEqualTo(1);
    assertThat(json.at("/newVectors/characters").asInt()).isEqualTo(59);
    assertThat(json.at("/newVectors/estimatedTokens").asInt()).isEqualTo(15);
    assertThat(json.at("/newVectors/model").asString()).isEqualTo("text-embedding-3-small");
    assertThat(json.at("/applied").asBoolean()).isTrue();
    assertThat(server.ids("openmemory")).contains(LOST);
  }

  @Test
  void aRefusedKeyAndAMissingOneSayWhatToDo() throws Exception {
    embedder.always(Reply.of(401, KEY));
    CommandLineRun denied = run(reembed("repair", "--yes"));
    assertThat(denied.exitCode()).as(denied.text()).isEqualTo(7);
    assertThat(denied.err()).contains("refuses the key").contains("--embedder-key-file");
    Files.delete(sample.home().resolve("api/.env"));
    CommandLineRun missing = run(new CommandLineRun.Surroundings(), reembed("repair", "--yes"));
    assertThat(missing.exitCode()).as(missing.text()).isEqualTo(7);
    assertThat(missing.err()).contains("OPENAI_API_KEY").contains("Nothing was changed.");
    assertThat(server.ids("openmemory")).doesNotContain(LOST);
  }

  @Test
  void optionsOfTheEmbedderNeedTheOneThatAsksIt() {
    for (String command : new String[] {"repair", "memories restore first " + LOST}) {
      String[] words =
          SampleHome.with(new String[] {"--embedder-url", "http://h"}, command.split(" "));
      CommandLineRun alone = run(words);
      assertThat(alone.exitCode()).isEqualTo(2);
      assertThat(alone.err()).contains("need --reembed");
    }
  }
}
