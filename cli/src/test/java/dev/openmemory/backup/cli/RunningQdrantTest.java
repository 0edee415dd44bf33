package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Commands that work with a Qdrant that keeps running. */
@Timeout(120)
class RunningQdrantTest {
  @TempDir Path folder;
  private SampleHome sample;
  private QdrantDouble server;

  @BeforeEach
  void install() throws Exception {
    sample = SampleHome.in(folder.resolve("openmemory"));
    server = QdrantDouble.start(folder.resolve("qdrant/storage"));
    server.createCollection("openmemory");
    server.alias("memories", "openmemory");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT id FROM memories WHERE state <> 'deleted'")) {
      while (rows.next()) {
        server.put("openmemory", uuid(rows.getString(1)), "alice");
      }
    }
  }

  private static UUID uuid(String hex) {
    return UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private CommandLineRun run(String... args) {
    return sample.run(
        SampleHome.with(new String[] {"--qdrant-url", server.uri().toString()}, args));
  }

  @Test
  void aBackupBySnapshotsComesBack() {
    CommandLineRun made = run("backup", "first");

    assertThat(made.err()).contains("Vectors by snapshot: --qdrant-url names a running Qdrant");
    assertThat(made.out())
        .contains("qdrant-openmemory.snapshot")
        .contains("58 of 58 memories have their vector in openmemory, which has 58 points");
    assertThat(made.out()).doesNotContain("without vector");
    assertThat(run("show", "first").exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(sample.run("show", "first").out()).contains("compared: 58 of 58 memories");
    assertThat(sample.run("verify", "first").out()).contains("first: ok");

    List<String> before = server.ids("openmemory");
    server.put("openmemory", UUID.randomUUID(), "alice");
    CommandLineRun asked =
        new CommandLineRun.Surroundings()
            .answering("yes")
            .run(sample.here("restore", "first", "--qdrant-url", server.uri().toString()));

    assertThat(asked.err()).contains("the collections of Qdrant at " + server.uri());
    assertThat(asked.out()).as(asked.err()).contains("Restored backup first");
    assertThat(server.ids("openmemory")).isEqualTo(before);
    assertThat(server.snapshotFiles()).isEmpty();
  }

  @Test
  void fiveMissingVectorsAreNamedWithExitCode3() {
    List<String> removed = List.copyOf(server.ids("openmemory").subList(0, 5));
    removed.forEach(id -> server.remove("openmemory", id));

    CommandLineRun made = run("backup", "first");

    assertThat(made.exitCode()).isEqualTo(ExitCodes.WARNINGS);
    assertThat(made.out())
        .contains("5 memories have no vector in collection openmemory")
        .contains("[memories-without-vector]")
        .contains(removed);
    CommandLineRun doctor = run("doctor");
    assertThat(doctor.exitCode()).isEqualTo(ExitCodes.WARNINGS);
    assertThat(doctor.out()).contains("5 memories without vector: ").contains(removed);
    JsonNode compared = run("doctor", "--json").json().get("doctor").get("crossCheck");
    assertThat(compared.get("withoutVector").get("count").asInt()).isEqualTo(5);
  }

  @Test
  void aBackupIsComparedWithARunningQdrant() {
    run("backup", "first");
    assertThat(run("verify", "first", "--cross-check").exitCode()).isEqualTo(ExitCodes.OK);
    String gone = server.ids("openmemory").get(7);
    server.remove("openmemory", gone);

    CommandLineRun compared = run("verify", "first", "--cross-check");

    assertThat(compared.exitCode()).isEqualTo(ExitCodes.WARNINGS);
    assertThat(compared.out()).contains("first: ok").contains("1 memory without vector: " + gone);
    JsonNode backup =
        run("verify", "first", "--cross-check", "--json").json().get("backups").get(0);
    assertThat(backup.get("crossCheck").get("matched").asInt()).isEqualTo(57);
  }

  @Test
  void textsAreComparedOnRequestOnly() throws Exception {
    String changed = server.ids("openmemory").get(7);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT id, content FROM memories WHERE state <> 'deleted'")) {
      while (rows.next()) {
        UUID id = uuid(rows.getString(1));
        String text = rows.getString(2) + (id.toString().equals(changed) ? " (updated)" : "");
        server.put("openmemory", id, Map.of("user_id", "alice", "data", text));
      }
    }
    run("backup", "first");

    assertThat(run("verify", "first", "--cross-check").out())
        .contains("(compared by id")
        .doesNotContain("another text");
    CommandLineRun compared = run("verify", "first", "--cross-check", "--content");

    assertThat(compared.exitCode()).as(compared.text()).isEqualTo(ExitCodes.OK);
    assertThat(compared.out())
        .contains("(compared by id and text")
        .contains("1 memory with another text in its point: " + changed)
        .doesNotContain("(updated)");
    assertThat(run("verify", "first", "--content").exitCode()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsChanged() throws IOException {
    sample.backUp("files");
    CommandLineRun files = run("restore", "files", "--yes");
    assertThat(files.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(files.err())
        .contains("contains Qdrant's files, which a running Qdrant cannot restore");
    run("backup", "snapshots");
    CommandLineRun volume = sample.run("restore", "snapshots", "--qdrant", "volume", "--yes");
    assertThat(volume.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(volume.err())
        .contains("contains snapshots, which only a running Qdrant can restore");

    server.version("1.19.0");
    CommandLineRun newer = run("restore", "snapshots", "--yes");
    assertThat(newer.err()).contains("same minor version").contains("--any-qdrant-version");
    assertThat(server.count(".*upload.*")).isZero();

    Path elsewhere = folder.resolve("elsewhere");
    assertThat(sample.run("restore", "snapshots", "--to", elsewhere.toString()).exitCode())
        .isEqualTo(ExitCodes.OK);
    assertThat(elsewhere.resolve("qdrant-snapshots/qdrant-openmemory.snapshot")).isNotEmptyFile();
    assertThat(elsewhere.resolve("qdrant-snapshots/qdrant-collections.json")).isNotEmptyFile();
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    server.close();

    CommandLineRun failed = run("backup", "first");

    assertThat(failed.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(failed.err()).contains(server.uri().toString()).contains("cannot be reached");
    assertThat(run("doctor").out()).contains("not compared: ");
  }
}
