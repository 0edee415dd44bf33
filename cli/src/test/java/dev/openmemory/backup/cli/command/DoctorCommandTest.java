package dev.openmemory.backup.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.LocalServer;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.output.Examination;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.TargetCheck;
import dev.openmemory.backup.cli.output.json.JsonRenderer;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.MissingParts;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.Discovery.ContainerRow;
import dev.openmemory.backup.docker.Discovery.Engine;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest extends SampleTest {
  @Test
  void withoutAnEngineItShowsWhatIsOnThisHost() {
    CommandLineRun run = sample.runOnStorage("doctor");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("OpenMemory in " + sample.home())
        .contains("not reached: connect to Docker")
        .contains(sample.database().toString())
        .contains(sample.config().toString())
        .contains(sample.storage().toString())
        .contains("named by the user")
        .contains("No problems found");
    assertThat(sample.backups()).doesNotExist();
  }

  @Test
  void withoutAnEngineThatIsNeededItFails() {
    CommandLineRun run = sample.run("doctor", "--json");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(1);
    assertThat(run.json().get("error").get("operation").asString()).isEqualTo("connect to Docker");
    assertThat(run.json().get("error").get("hint").asString()).contains("systemctl start docker");
  }

  @Test
  void whatABackupWouldFailForIsAWarning() throws IOException {
    String none = temp.resolve("none").toString();
    CommandLineRun run = sample.run("doctor", "--storage-path", none, "--db", none);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.out()).contains("[database-missing]").contains("[vectors-missing]");
    Discovery elsewhere =
        new Discovery(
            new Installation(sample.home(), List.of()),
            List.of(new Finding("vectors", "a Qdrant elsewhere", "")),
            List.of(),
            Optional.empty(),
            List.of());
    assertThat(MissingParts.in(elsewhere, Backups.in(new InMemoryBackupTarget())))
        .singleElement()
        .satisfies(w -> assertThat(w.message()).contains("a Qdrant elsewhere"));
  }

  @Test
  void aDatabaseThatNoBackupCanReadIsAProblem() throws IOException {
    byte[] sound = Files.readAllBytes(sample.database());
    byte[] damaged = sound.clone();
    Arrays.fill(damaged, 8192, 16384, (byte) 'x');
    Map<String, byte[]> unreadable =
        Map.of(
            "the file is empty",
            new byte[0],
            "that is not a database file",
            "no database at all".repeat(100).getBytes(UTF_8),
            "integrity_check",
            damaged);
    for (Map.Entry<String, byte[]> one : unreadable.entrySet()) {
      Files.write(sample.database(), one.getValue());
      CommandLineRun run = sample.runOnStorage("doctor");
      assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
      assertThat(run.out())
          .contains("[backup-would-fail]")
          .containsIgnoringCase(one.getKey())
          .doesNotContain("No problems found");
      assertThat(sample.runOnStorage("backup").exitCode()).isNotIn(0, 3);
    }
  }

  @Test
  void memoriesThatHaveLostTheirCollectionAreAProblem() throws IOException {
    Files.move(sample.storage().resolve("collections"), temp.resolve("lost"));
    Files.createDirectory(sample.storage().resolve("collections"));
    CommandLineRun run = sample.runOnStorage("doctor");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.out())
        .contains("[backup-would-fail]")
        .contains("the vector store holds no collection")
        .doesNotContain("No problems found");
    assertThat(sample.runOnStorage("backup").exitCode()).isEqualTo(5);
  }

  @Test
  void aQdrantThatRunsWithoutACollectionIsNotOneThatDoesNotRun() throws IOException {
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("qdrant/storage"))) {
      String url = server.uri().toString();
      CommandLineRun run = sample.run("doctor", "--qdrant-url", url);
      assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
      assertThat(run.out())
          .contains("[backup-would-fail]")
          .contains("the vector store " + url + " holds no collection")
          .contains("Qdrant has no collection")
          .doesNotContain("no running Qdrant");
    }
  }

  @Test
  void itSaysWhereBackupsGoAndRemovesLeftoversOfAKilledRunThere() throws IOException {
    sample.backUp("good");
    Path half = SampleHome.leftByAKilledRun(sample.backups().resolve("half"));

    CommandLineRun run = sample.runOnStorage("doctor");

    assertThat(run.out())
        .contains(sample.backups().toUri().getPath().replaceFirst("/$", ""))
        .contains("1 backup")
        .contains("removed the unfinished backup half");
    assertThat(half).doesNotExist();
  }

  @Test
  void aTargetThatCannotBeUsedIsAWarningWithAWayOut() throws IOException {
    try (LocalServer notAStore = LocalServer.ofPages()) {
      CommandLineRun run =
          sample.runOnStorage(
              "doctor",
              "--target",
              "s3://bucket/om?anonymous=true&endpoint=" + notAStore.endpoint());
      assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.WARNINGS);
      assertThat(run.out())
          .contains("[target-unusable]")
          .contains("no S3 answers at " + notAStore.endpoint())
          .contains("docs/targets/s3.md")
          .contains("not reached");
    }
  }

  @Test
  void jsonIsOneDocument() throws IOException {
    Files.move(sample.storage(), sample.home().resolve("qdrant-storage"));
    JsonNode doctor = sample.run("doctor", "--json").json().get("doctor");
    assertThat(doctor.get("home").asString()).isEqualTo(sample.home().toString());
    assertThat(doctor.get("engineNotAsked").asString()).contains("docker.sock");
    assertThat(doctor.get("findings").get(0).get("subject").asString()).isEqualTo("database");
    assertThat(doctor.get("warnings")).isEmpty();
    assertThat(doctor.get("recovered")).isEmpty();
    assertThat(doctor.get("targets").get(0).get("backups").asInt()).isZero();
    assertThat(doctor.get("targets").get(0).get("new").asBoolean()).isTrue();
  }

  @Test
  void whatIsFoundInContainersIsShownWithItsReasonsAndWarnings() {
    Examination examination =
        new Examination(
            sample.home(),
            new Discovery(
                new Installation(sample.home(), List.of()),
                List.of(new Finding("vectors", "volume v", "mounted there")),
                List.of(),
                Optional.of(new Engine("20.10", "unix:///x.sock", "DOCKER_HOST")),
                List.of(new ContainerRow("mem0_store", "vector store", "paused", "qdrant/qdrant"))),
            Optional.empty(),
            List.of(new Warning("volume-shared", "two write")),
            List.of(
                new TargetCheck(
                    "s3://bucket/om",
                    Optional.of(18),
                    false,
                    List.of("removed the unfinished upload of s3://bucket/om/b/openmemory.db"),
                    Optional.empty())),
            Optional.empty(),
            Optional.of("Qdrant is not there"),
            List.of(),
            List.of("resumed mem0_store"));

    assertThat(
            new TextRenderer(Clock.systemUTC(), () -> Duration.ofSeconds(9)).examined(examination))
        .contains("20.10 at unix:///x.sock")
        .contains("DOCKER_HOST")
        .contains("mem0_store  vector store  paused  qdrant/qdrant")
        .contains("volume v")
        .contains("s3://bucket/om")
        .contains("18 backups")
        .contains("removed the unfinished upload of s3://bucket/om/b/openmemory.db")
        .contains("mounted there")
        .contains("cleaned up after an earlier run: resumed mem0_store")
        .contains("warning: two write [volume-shared]")
        .doesNotContain("No problems");
    JsonNode json =
        JsonMapper.builder()
            .build()
            .readTree(new JsonRenderer(() -> Duration.ofSeconds(9)).examined(examination));
    JsonNode doctor = json.get("doctor");
    assertThat(doctor.get("engine").get("why").asString()).isEqualTo("DOCKER_HOST");
    assertThat(doctor.get("containers").get(0).get("state").asString()).isEqualTo("paused");
    assertThat(doctor.get("recovered").get(0).asString()).contains("mem0_store");
    assertThat(doctor.get("targets").get(0).get("backups").asInt()).isEqualTo(18);
    assertThat(doctor.get("targets").get(0).get("removed").get(0).asString())
        .contains("unfinished");
  }

  @Test
  void aRestoreThatCouldNotBeRolledBackIsEndedByUnlock() throws IOException {
    Path record = sample.home().resolve(".openmemory-backup/restore.json");
    String owner =
        new String(Json.write(Owner.ofThisProcess(Clock.systemUTC()).retired().toJson()), UTF_8);
    String text =
        "{\"restoreId\": \"r1\", \"phase\": \"applying\", \"discardPrevious\": false, \"parts\": [],"
            + " \"failures\": 2, \"lastFailure\": \"the state from before is in /x\", \"owner\": "
            + owner
            + "}";
    for (String how : List.of("repaired", "retry")) {
      Files.createDirectories(record.getParent());
      Files.writeString(record, text);
      assertThat(sample.runOnStorage("doctor").text())
          .contains("failed twice")
          .contains("the state from before is in /x")
          .contains("unlock --restore repaired");

      CommandLineRun asked = sample.run("unlock", "--restore", how);
      assertThat(asked.exitCode()).as(asked.text()).isEqualTo(2);
      assertThat(asked.text()).contains("Cannot ask for confirmation");
      assertThat(record).hasContent(text);

      CommandLineRun ended = sample.run("unlock", "--restore", how, "--yes");

      assertThat(ended.exitCode()).as(ended.text()).isZero();
      assertThat(ended.out()).contains("the restore r1");
      assertThat(record).doesNotExist();
      assertThat(sample.runOnStorage("doctor").exitCode()).isZero();
    }
    assertThat(sample.run("unlock", "--restore", "retry", "--yes").out())
        .isEqualTo("There is no unfinished restore.\n");
  }

  @Test
  void saysHowMuchRestoresHaveSetAsideAndWhatDeletesIt() throws IOException {
    sample.backUp("first");
    assertThat(sample.runOnStorage("restore", "first", "--yes").exitCode()).isZero();

    CommandLineRun run = sample.runOnStorage("doctor");

    Path previous = sample.storage().resolve(".openmemory-backup/previous");
    assertThat(run.out())
        .contains("previous data, saved by restores and changes of memories")
        .contains(" in 3 folders")
        .contains(previous.toString())
        .contains("openmemory-backup cleanup");
    JsonNode folders = sample.runOnStorage("doctor", "--json").json().at("/doctor/setAside");
    assertThat(folders).hasSize(3);
    assertThat(folders.get(0).get("last").asBoolean()).isTrue();
  }
}
