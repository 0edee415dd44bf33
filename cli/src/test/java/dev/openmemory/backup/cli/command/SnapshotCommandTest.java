package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class SnapshotCommandTest {
  @TempDir Path folder;
  private QdrantDouble server;

  @BeforeEach
  void start() throws IOException {
    server = QdrantDouble.start(folder.resolve("storage"));
    server.createCollection("openmemory");
    for (int i = 0; i < 7; i++) {
      server.put("openmemory", new UUID(0, i), "u");
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private CommandLineRun run(Surroundings surroundings, String... args) {
    String[] places = {"--qdrant-url", server.uri().toString(), "--home", folder.toString()};
    return surroundings.run(SampleHome.with(SampleHome.with(places, args), "snapshot"));
  }

  private CommandLineRun run(String... args) {
    return run(new Surroundings(), args);
  }

  private String made() {
    CommandLineRun run = run("create", "--json");
    assertThat(run.exitCode()).as(run.text()).isZero();
    return run.json().get("snapshot").get("name").asString();
  }

  @Test
  void whatIsMadeIsListed() {
    assertThat(run("list").out()).contains("No snapshots of collection openmemory at http://");
    CommandLineRun create = run("create");
    assertThat(create.exitCode()).isZero();
    assertThat(create.out()).contains("Made snapshot openmemory-").contains("sha256");

    CommandLineRun text = run("list");
    assertThat(text.out()).containsPattern("NAME +CREATED +SIZE +SHA256").contains("1 snapshot of");
    JsonNode json = run("list", "--json").json().get("snapshot");
    assertThat(json.get("action").asString()).isEqualTo("listed");
    assertThat(json.get("collection").asString()).isEqualTo("openmemory");
    assertThat(json.get("snapshots")).hasSize(1);
    assertThat(json.get("snapshots").get(0).propertyNames())
        .containsExactly("name", "size", "sha256", "created");
  }

  @Test
  void aDownloadIsForItsOwnerOnlyAndReplacesNothing() throws IOException {
    String name = made();
    Path file = folder.resolve("here.snapshot");
    CommandLineRun run = run("download", name, "-o", file.toString(), "--json");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.json().get("snapshot").get("file").asString()).isEqualTo(file.toString());
    assertThat(file).hasSize(run.json().get("snapshot").get("size").asLong());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    CommandLineRun again = run("download", name, "-o", file.toString());
    assertThat(again.exitCode()).isEqualTo(ExitCodes.of(Kind.ALREADY_EXISTS));
    assertThat(again.err()).contains("--output");
  }

  @Test
  void aDownloadThatIsWrongLeavesNothing() throws IOException {
    String name = made();
    server.corrupt("GET .*/snapshots/.+", 1);
    CommandLineRun run = run("download", name, "-o", folder.resolve("x").toString());
    assertThat(run.exitCode()).isEqualTo(ExitCodes.of(Kind.CORRUPT));
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("storage", "snapshots");
    }
  }

  @Test
  void aDownloadMayGoToTheStandardOutput() {
    String name = made();
    CommandLineRun run = run("download", name, "-o", "-");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().getBytes(StandardCharsets.UTF_8).length).isGreaterThan(1000);
    assertThat(run.out()).startsWith("0/points.json");
  }

  @Test
  void anUploadSaysWhatItReplacesAndAsks() {
    String file = download();
    server.put("openmemory", 9, Map.of());

    CommandLineRun refused = run(new Surroundings().answering("no"), "upload", file);
    assertThat(refused.exitCode()).isEqualTo(130);
    assertThat(refused.err()).contains("openmemory at http://").contains("has 8 points now");
    assertThat(server.ids("openmemory")).hasSize(8);

    CommandLineRun agreed = run(new Surroundings().answering("yes"), "upload", file);
    assertThat(agreed.exitCode()).as(agreed.text()).isZero();
    assertThat(agreed.out()).contains("it has 7 points");
    assertThat(server.ids("openmemory")).hasSize(7);
  }

  private String download() {
    String name = made();
    String file = folder.resolve("openmemory.snapshot").toString();
    assertThat(run("download", name, "-o", file).exitCode()).isZero();
    assertThat(run("delete", name, "--yes").exitCode()).isZero();
    return file;
  }

  @Test
  void anUploadMakesALostCollectionAgainAlsoBesideThatOfMem0() throws IOException {
    String file = download();
    server.deleteCollection("openmemory");
    server.createCollection("mem0migrations");
    assertThat(run("list").err()).contains("there is no collection of memories");

    CommandLineRun run = run("upload", file, "--yes");

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.err() + run.out()).contains("openmemory");
    assertThat(server.ids("openmemory")).hasSize(7);
    assertThat(server.ids("mem0migrations")).isEmpty();
  }

  @Test
  void withoutATerminalThereIsNoConfirmation() {
    String file = download();
    for (String[] command : new String[][] {{"upload", file}, {"delete", "x"}}) {
      CommandLineRun run = run(command);
      assertThat(run.exitCode()).isEqualTo(ExitCodes.of(Kind.INVALID));
      assertThat(run.err()).contains("--yes");
    }
  }

  @Test
  void anUploadLeavesNoFileAtTheServer() {
    String file = download();
    JsonNode json = run("upload", file, "--yes", "--json").json().get("snapshot");
    assertThat(json.get("action").asString()).isEqualTo("uploaded");
    assertThat(json.get("points").asInt()).isEqualTo(7);
    assertThat(server.snapshotFiles()).isEmpty();
  }

  @Test
  void whatTheServerHoldsIsRecovered() {
    String name = made();
    server.put("openmemory", 9, Map.of());
    Path there = folder.resolve("snapshots/openmemory").resolve(name);
    CommandLineRun run = run("recover", there.toUri().toString(), "--yes", "--json");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.json().get("snapshot").get("action").asString()).isEqualTo("recovered");
    assertThat(server.ids("openmemory")).hasSize(7);
  }

  @Test
  void theOnlyCollectionIsMeantElseTheUsualOne() {
    server.createCollection("other");
    assertThat(run("list").out()).contains("collection openmemory");
    server.deleteCollection("openmemory");
    assertThat(run("list").out()).contains("collection other");
    server.createCollection("another");
    CommandLineRun several = run("list");
    assertThat(several.exitCode()).isEqualTo(ExitCodes.of(Kind.INVALID));
    assertThat(several.err()).contains("another, other").contains("--collection");
    assertThat(run("list", "--collection", "another").exitCode()).isZero();
    assertThat(run("list", "--collection", "nope").exitCode())
        .isEqualTo(ExitCodes.of(Kind.NOT_FOUND));
  }

  @Test
  void theKeyComesFromTheFileElseFromTheEnvironment() throws IOException {
    server.requireKey("s3cret-key");
    CommandLineRun none = run("list");
    assertThat(none.exitCode()).isEqualTo(ExitCodes.of(Kind.DENIED));
    assertThat(none.err()).contains("--qdrant-api-key-file").contains("QDRANT_API_KEY");
    assertThat(run(new Surroundings().with("QDRANT_API_KEY", "s3cret-key"), "list").exitCode())
        .isZero();
    Path file = Files.writeString(folder.resolve("key"), "s3cret-key\n");
    CommandLineRun byFile =
        run(
            new Surroundings().with("QDRANT_API_KEY", "wrong"),
            "create",
            "--verbose",
            "--qdrant-api-key-file",
            file.toString());
    assertThat(byFile.exitCode()).isZero();
    assertThat(byFile.text()).doesNotContain("s3cret-key");
    assertThat(
            new Surroundings()
                .with("QDRANT_API_KEY", "s3cret-key")
                .with("OPENMEMORY_BACKUP_QDRANT_URL", server.uri())
                .run("snapshot", "list")
                .exitCode())
        .isZero();
  }

  @Test
  void aServerThatDoesNotAnswerIsReportedWithAHint() throws IOException {
    server.close();
    CommandLineRun run = run("list");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("cannot be reached").contains("readyz");
    assertThat(run("list", "--json").json().get("error").get("kind").asString())
        .isEqualTo("UNAVAILABLE");
  }

  @Test
  void helpLeadsToEachCommand() {
    assertThat(CommandLineRun.of("help", "snapshot").out())
        .contains("download")
        .contains("recover");
    assertThat(CommandLineRun.of("help", "snapshot", "upload").out()).contains("--qdrant-url");
    assertThat(CommandLineRun.of("snapshot", "upload").err()).contains("help snapshot upload");
    assertThat(CommandLineRun.of("snapshot").exitCode()).isEqualTo(2);
  }

  /** The blocks of that document that need a Qdrant, which a build machine does not have. */
  @Test
  void theCommandsOfTheDocumentWork() throws IOException {
    Path document = Path.of(System.getProperty("openmemory.root"), "docs/qdrant.md");
    Path key = Files.writeString(folder.resolve("qdrant.key"), "k");
    String name = "";
    int commands = 0;
    for (String line : Files.readAllLines(document)) {
      if (!line.startsWith("openmemory-backup snapshot ")) {
        continue;
      }
      commands++;
      String[] args =
          line.replace("openmemory-backup snapshot ", "")
              .replace("NAME", name)
              .replace("qdrant.key", key.toString())
              .replace("openmemory.snapshot", folder.resolve("openmemory.snapshot").toString())
              .replaceAll("--qdrant-url \\S+ ", "")
              .split(" ", -1);
      CommandLineRun run = run(args);
      assertThat(run.exitCode()).as(line + run.text()).isZero();
      if (args[0].equals("create")) {
        name = run.out().split(" ", -1)[2];
      }
    }
    assertThat(commands).isGreaterThan(5);
  }

  @Test
  void theConfigurationNamesTheCollection() throws IOException {
    server.createCollection("mem0");
    server.createCollection("notes");
    Path api = Files.createDirectories(folder.resolve("api"));
    Files.writeString(
        api.resolve("config.json"),
        "{\"mem0\":{\"vector_store\":{\"config\":{\"collection_name\":\"notes\"}}}}");

    assertThat(run("list").out()).contains("No snapshots of collection notes");
    Files.delete(api.resolve("config.json"));
    assertThat(run("list").out()).contains("No snapshots of collection openmemory");
  }
}
