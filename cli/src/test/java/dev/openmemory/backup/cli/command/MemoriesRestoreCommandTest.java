package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code memories restore} and {@code memories undo} as they are typed, beside a double. */
class MemoriesRestoreCommandTest {
  private static final String NOTE = "0ec1cd76-7790-4a13-8c70-40e321da09a8";
  private static final String OTHER = "1360d86a-ea9f-4bab-acaa-a1c29daac386";

  @TempDir Path folder;
  private SampleHome sample;
  private QdrantDouble server;

  @BeforeEach
  void backUp() throws Exception {
    sample = SampleHome.in(folder.resolve("openmemory"));
    server = QdrantDouble.start(folder.resolve("qdrant/storage"));
    server.createCollection("openmemory");
    for (String digits : query("SELECT id FROM memories WHERE state <> 'deleted'")) {
      String id = digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
      server.put("openmemory", id, Map.of("user_id", "alice", "data", "text of " + id));
    }
    assertThat(run("backup", "first").exitCode()).isEqualTo(3);
    change("UPDATE memories SET state = 'deleted'", NOTE);
    server.remove("openmemory", NOTE);
    change("UPDATE memories SET content = 'changed by an assistant'", OTHER);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private CommandLineRun run(String... args) {
    return sample.run(
        SampleHome.with(new String[] {"--qdrant-url", server.uri().toString()}, args));
  }

  private List<String> query(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private static String row(String id) {
    return " WHERE id = '" + id.replace("-", "") + "'";
  }

  private void change(String sql, String id) throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement statement = db.createStatement()) {
      statement.executeUpdate(sql + row(id));
    }
  }

  @Test
  void whatIsKeptForAnUndoIsShownByDoctorAndDeletedByCleanup() throws Exception {
    run("memories", "restore", "first", NOTE, "--yes");
    assertThat(run("doctor").out())
        .contains("previous data, saved by restores and changes of memories")
        .contains(" in 1 file\n")
        .contains("openmemory-backup cleanup");
    assertThat(run("doctor", "--json").json().at("/doctor/setAside/0/component").asString())
        .isEqualTo("memories");
    CommandLineRun asked =
        new CommandLineRun.Surroundings()
            .answering("no")
            .run(sample.here("cleanup", "--qdrant-url", "" + server.uri()));
    assertThat(asked.err())
        .contains("memories/undo-")
        .contains("After that the last change of memories cannot be undone.")
        .doesNotContain("last restore");
    assertThat(run("cleanup", "--keep-last").out()).contains("Kept for an undo: ");
    assertThat(run("cleanup", "--yes").out()).contains("Deleted ").contains("memories/undo-");
    assertThat(sample.home().resolve(".openmemory-backup/memories")).doesNotExist();
  }

  @Test
  void eachChangeIsShownBeforeItIsMadeAndCanBeUndone() throws Exception {
    CommandLineRun shown = run("memories", "restore", "first", NOTE, OTHER, "--dry-run");
    assertThat(shown.exitCode()).as(shown.text()).isEqualTo(3);
    assertThat(shown.out())
        .contains("Memory " + NOTE + ": is deleted, and will come back\n    note 4: the meeting")
        .contains("  state: deleted -> active\n")
        .contains("  vector: missing, will be put there\n")
        .contains("Memory " + OTHER + ": differs from the backup, and stays as it is\n")
        .contains("  - changed by an assistant\n  + fact number 3 about tea")
        .contains("Would change 1 memory. Nothing was changed.")
        .contains("vectors  read by a temporary collection of the running Qdrant")
        .contains("kept     1 memory that differs");
    assertThat(server.ids("openmemory")).hasSize(57);

    CommandLineRun unasked = run("memories", "restore", "first", NOTE);
    assertThat(unasked.exitCode()).isEqualTo(2);
    assertThat(unasked.err()).contains("Cannot ask for confirmation without a terminal");
    CommandLineRun refused =
        new CommandLineRun.Surroundings()
            .answering("no")
            .run(
                sample.here(
                    "memories", "restore", "first", NOTE, "--qdrant-url", "" + server.uri()));
    assertThat(refused.exitCode()).isEqualTo(130);
    assertThat(refused.err()).contains("1 memory will be changed as shown above");
    assertThat(server.ids("openmemory")).hasSize(57);

    CommandLineRun done = run("memories", "restore", "first", NOTE, OTHER, "--overwrite", "--yes");
    assertThat(done.exitCode()).as(done.text()).isZero();
    assertThat(done.out()).contains("Changed 2 memories.");
    assertThat(server.ids("openmemory")).hasSize(58);
    assertThat(query("SELECT state FROM memories" + row(NOTE))).containsExactly("active");
    assertThat(query("SELECT content FROM memories" + row(OTHER)).get(0))
        .startsWith("fact number 3");

    String file = done.out().replaceAll("(?s).*memories undo '([^']*)'.*", "$1");
    CommandLineRun undone = run("memories", "undo", file, "--yes");
    assertThat(undone.exitCode()).as(undone.text()).isZero();
    assertThat(undone.out()).contains("will be as it was before").contains("Changed 2 memories.");
    assertThat(server.ids("openmemory")).hasSize(57);
    assertThat(query("SELECT state FROM memories" + row(NOTE))).containsExactly("deleted");
  }

  @Test
  void programsReadOneDocument() {
    JsonNode json =
        run("memories", "restore", "first", "--deleted-since", "first", "--yes", "--json").json();
    assertThat(json.get("applied").asBoolean()).isTrue();
    assertThat(json.get("actions").get("bring-back").asInt()).isEqualTo(1);
    assertThat(json.get("memories").get(0).get("id").asString()).isEqualTo(NOTE);
    assertThat(json.get("memories").get(0).get("vector").asString()).isEqualTo("add");
    assertThat(json.get("memories").get(0).get("after").get("state").asString())
        .isEqualTo("active");
    assertThat(Path.of(json.get("undoFile").asString())).exists();
    JsonNode again =
        run("memories", "restore", "first", "--deleted-since", "first", "--yes", "--json").json();
    assertThat(again.get("memories")).isEmpty();
    assertThat(again.get("applied").asBoolean()).isFalse();
  }

  @Test
  void aRestoreOfEverythingHasToBeMeant() {
    CommandLineRun all = run("memories", "restore", "first", "--yes");
    assertThat(all.exitCode()).isEqualTo(2);
    assertThat(all.err()).contains("no memory is chosen");
    CommandLineRun both = run("memories", "restore", "first", NOTE, "--user", "alice");
    assertThat(both.exitCode()).isEqualTo(2);
    CommandLineRun part = run("memories", "restore", "first", NOTE, "--only", "database");
    assertThat(part.exitCode()).isEqualTo(2);
    CommandLineRun without = sample.run("memories", "restore", "first", NOTE, "--yes");
    assertThat(without.exitCode()).isEqualTo(1);
    assertThat(without.err()).contains("no running Qdrant is known").contains("--qdrant-url");
  }

  @Test
  void anEncryptedAndSignedBackupGivesMemoriesBackFromEachOfItsTargets() throws Exception {
    String key = folder.resolve("private.key").toString();
    String recipient =
        CommandLineRun.of("key", "generate", "-o", key, "--json")
            .json()
            .at("/key/recipients/0")
            .asString();
    String signer = copied("signer").toString();
    String allowed = folder.resolve("allowed_signers").toString();
    Files.writeString(Path.of(allowed), "me@example.org " + Files.readString(copied("signer.pub")));
    List<String> targets = List.of(folder + "/one", folder + "/other");
    String[] made = {"backup", "sealed", "--encrypt-to", recipient, "--sign-key", signer};
    change("UPDATE memories SET state = 'active'", NOTE);
    server.put("openmemory", NOTE, Map.of("data", "sealed"));
    CommandLineRun backup =
        run(SampleHome.with(made, "--target", targets.get(0), "--target", targets.get(1)));
    assertThat(backup.exitCode()).as(backup.text()).isZero();

    for (String target : targets) {
      change("UPDATE memories SET state = 'deleted'", NOTE);
      server.remove("openmemory", NOTE);
      String[] from = {"--target", target, "--require-signature", allowed};
      String[] restore = SampleHome.with(from, "memories", "restore", "sealed", NOTE, "--yes");
      assertThat(run(restore).exitCode()).isEqualTo(7);
      CommandLineRun done = run(SampleHome.with(restore, "--identity", key));
      assertThat(done.exitCode()).as(done.text()).isZero();
      assertThat(server.ids("openmemory")).contains(NOTE);
      assertThat(query("SELECT state FROM memories" + row(NOTE))).containsExactly("active");
      Path manifest = Path.of(target, "sealed", "manifest.json");
      Files.writeString(manifest, Files.readString(manifest) + "\n");
      assertThat(run(SampleHome.with(restore, "--identity", key)).exitCode()).isEqualTo(5);
    }
  }

  private Path copied(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/signature/" + name)) {
      return Files.write(folder.resolve(name), Objects.requireNonNull(in).readAllBytes());
    }
  }

  @Test
  void aRepairGivesVectorsBackAndRemovesOnesWithoutMemory() throws Exception {
    server.remove("openmemory", server.ids("openmemory").get(9));
    server.put("openmemory", "ffffffff-0000-0000-0000-000000000000", Map.of("data", "of no row"));
    CommandLineRun shown = run("repair", "--dry-run");
    assertThat(shown.exitCode()).as(shown.text()).isEqualTo(3);
    assertThat(shown.out())
        .contains(": will get its vector back\n")
        .contains("of no row")
        .contains("Would change 1 memory. Nothing was changed.")
        .contains("orphans  1 vector without memory; --drop-orphans removes them")
        .contains("searched 1 backup\n")
        .contains("compared 56 of 57 memories have their vector in openmemory");

    CommandLineRun done = run("repair", "--drop-orphans", "--yes");
    assertThat(done.exitCode()).as(done.text()).isZero();
    assertThat(done.out())
        .contains("and its vector will be removed")
        .contains("compared 57 of 57 memories have their vector in openmemory, which has 57");
    String file = done.out().replaceAll("(?s).*memories undo '([^']*)'.*", "$1");
    assertThat(run("memories", "undo", file, "--yes").exitCode()).isZero();
    assertThat(server.ids("openmemory"))
        .hasSize(57)
        .contains("ffffffff-0000-0000-0000-000000000000");
    JsonNode json = run("repair", "--dry-run", "--json").json();
    assertThat(json.get("searchedBackups").asInt()).isEqualTo(1);
    assertThat(json.get("notSearchedBackups").asInt()).isZero();
    assertThat(json.get("actions").get("orphan").asInt()).isEqualTo(1);
    assertThat(json.get("crossCheck").get("withoutVector").get("count").asInt()).isEqualTo(1);
  }

  @Test
  void aRepairSaysHowManyBackupsItHasLeft() throws Exception {
    assertThat(run("backup", "second").exitCode()).isEqualTo(3);
    change("UPDATE memories SET content = 'in no backup'", OTHER);
    server.remove("openmemory", OTHER);
    assertThat(run("repair", "--dry-run", "--search-backups", "1").out())
        .contains("  searched 1 backup\n")
        .contains("  left     1 older backup not searched; --search-backups N searches more");
    CommandLineRun refused = run("repair", "--search-backups", "0");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--search-backups").contains("must be at least 1");
  }

  @Test
  void vectorsAreWrittenAsJsonLinesOnly() {
    CommandLineRun page =
        sample.run("memories", "export", "first", "-o", folder + "/page.html", "--with-vectors");
    assertThat(page.exitCode()).isEqualTo(2);
    assertThat(page.err()).contains("--with-vectors needs --as jsonl");
    CommandLineRun unread =
        sample.run("memories", "export", "first", "-o", folder + "/all.jsonl", "--with-vectors");
    assertThat(unread.exitCode()).isEqualTo(1);
    assertThat(unread.err()).contains("nothing here can open its vectors").contains("--image");
    assertThat(folder.resolve("all.jsonl")).doesNotExist();
  }
}
