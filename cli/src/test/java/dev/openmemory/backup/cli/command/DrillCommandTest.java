package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** drill as it is typed, and what the other commands make of its record. */
class DrillCommandTest extends SampleTest {
  @BeforeEach
  void backUp() {
    sample.backUp("first");
  }

  @Test
  void withoutAnEngineItProvesWhatItCanAndSaysSo() {
    CommandLineRun run = sample.run("drill");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.out())
        .contains("Backup first: partly tested")
        .contains("restored  database, config, vectors")
        .contains("Nothing here could open the vectors: connect to Docker");
    JsonNode drill = sample.run("drill", "first", "--json").json().get("drill");
    assertThat(drill.get("outcome").asString()).isEqualTo("partly");
    assertThat(drill.get("notBooted").asString()).contains("connect to Docker");
    assertThat(drill.get("recorded").asBoolean()).isFalse();
    assertThat(drill.get("warnings")).isEmpty();
    assertThat(sample.backups().resolve("first/proven.json")).doesNotExist();
  }

  @Test
  void ofABackupWithoutVectorsItClaimsNothingAboutVectors() {
    assertThat(sample.run("backup", "two", "--only", "database,config").exitCode()).isEqualTo(3);
    assertThat(sample.run("drill", "two").out())
        .contains("No vectors were tested: the backup has no vectors")
        .doesNotContain("archive of the vectors");
  }

  @Test
  void aDamagedBackupIsNotProvenAndLosesItsProof() throws Exception {
    prove("first");
    Path archive = sample.backups().resolve("first/qdrant-storage.tar.gz");
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Files.write(archive, bytes);

    CommandLineRun run = sample.run("drill", "first");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(5);
    assertThat(run.out())
        .contains("restore test FAILED")
        .contains("problem: restore")
        .contains("qdrant-st");
    assertThat(sample.backups().resolve("first/proven.json")).doesNotExist();
  }

  @Test
  void whatIsAskedForAndNotThereIsAnErrorBeforeAnythingIsRestored() throws Exception {
    prove("first");
    CommandLineRun missing = sample.run("drill", "--qdrant-binary", temp + "/none");
    assertThat(missing.exitCode()).isEqualTo(4);
    assertThat(missing.err()).contains("no such program").contains("--qdrant-binary");
    Path text = Files.writeString(temp.resolve("text"), "no program");
    CommandLineRun refused = sample.run("drill", "--qdrant-binary", text.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    CommandLineRun python = sample.run("drill", "--engine-python", temp + "/none");
    assertThat(python.exitCode()).isEqualTo(4);
    assertThat(python.err())
        .containsOnlyOnce(temp + "/none: there is no such program")
        .containsOnlyOnce("/none")
        .contains("--engine-python")
        .doesNotContain("--home");
    CommandLineRun folder = sample.run("drill", "--engine-python", temp.toString());
    assertThat(folder.exitCode()).isEqualTo(2);
    assertThat(folder.err()).contains("not a program").contains("--engine-python");
    assertThat(sample.run("drill", "--image", "qdrant/qdrant").exitCode()).isEqualTo(1);
    assertThat(sample.run("drill", "--qdrant-binary", "x", "--pull").exitCode()).isEqualTo(2);
    assertThat(sample.run("drill", "unknown").exitCode()).isEqualTo(4);
    assertThat(sample.backups().resolve("first/proven.json")).exists();
  }

  @Test
  void listAndShowTellThatABackupIsProven() throws Exception {
    sample.backUp("second");
    prove("first");

    assertThat(sample.run("list").out())
        .containsPattern("NAME .* PROVEN +PINNED +COMPONENTS")
        .containsPattern("first +complete .* 2026-01-03 +- +database, config, vectors")
        .containsPattern("second +complete .* - +- +database, config, vectors");
    assertThat(sample.run("show", "first").out())
        .contains("proven    2026-01-03 02:03:04 by Qdrant 1.18.3, program qdrant");
    JsonNode shown = sample.run("show", "first", "--json").json().get("backup").get("proven");
    assertThat(shown.get("time").asString()).isEqualTo("2026-01-03T02:03:04Z");
    assertThat(shown.get("points").get("openmemory").asLong()).isEqualTo(58);
    assertThat(sample.run("show", "second").out()).doesNotContain("proven");
    assertThat(sample.run("verify", "first").exitCode()).isZero();
  }

  @Test
  void aProofOfAnotherBackupProvesNothing() throws Exception {
    sample.backUp("second");
    prove("first");
    Files.move(
        sample.backups().resolve("first/proven.json"),
        sample.backups().resolve("second/proven.json"));
    Files.writeString(sample.backups().resolve("first/proven.json"), "{ cut off");

    JsonNode backups = sample.run("list", "--json").json().get("backups");
    assertThat(backups).hasSize(2).noneMatch(backup -> backup.has("proven"));
    assertThat(backups).allMatch(backup -> backup.get("state").asString().equals("complete"));
  }

  @Test
  void aProofGoesWithItsBackup() throws Exception {
    prove("first");
    assertThat(sample.run("delete", "first", "--yes").exitCode()).isZero();
    assertThat(sample.backups().resolve("first")).doesNotExist();
    sample.backUp("first");
  }

  @Test
  void aProofIsOfOnePlaceAndIsNotCopied() throws Exception {
    Path mirror = temp.resolve("mirror");
    assertThat(sample.run("sync", mirror.toString()).exitCode()).isZero();
    prove("first");

    CommandLineRun again = sample.run("sync", mirror.toString());
    assertThat(again.exitCode()).as(again.text()).isZero();
    assertThat(again.out()).contains("same");
    assertThat(mirror.resolve("first/proven.json")).doesNotExist();
    Files.copy(sample.backups().resolve("first/proven.json"), mirror.resolve("first/proven.json"));
    assertThat(sample.run("sync", mirror.toString()).exitCode()).isZero();
    assertThat(mirror.resolve("first/proven.json")).exists();
    assertThat(sample.run("list", "--target", mirror.toString()).out()).contains("2026-01-03");
  }

  private void prove(String name) throws Exception {
    byte[] manifest = Files.readAllBytes(sample.backups().resolve(name + "/manifest.json"));
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(manifest));
    Files.writeString(
        sample.backups().resolve(name + "/proven.json"),
        """
        {
          "time": "2026-01-03T02:03:04Z",
          "tool": {"name": "openmemory-backup", "version": "0.1.0"},
          "by": "Qdrant 1.18.3, program qdrant",
          "version": "1.18.3",
          "compared": {
            "collections": ["openmemory"],
            "points": {"openmemory": 58},
            "ids": 58,
            "searched": 58
          },
          "manifestSha256": "%s"
        }
        """
            .formatted(digest));
  }
}
