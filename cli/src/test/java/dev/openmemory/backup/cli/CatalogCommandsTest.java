package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** list, show, verify and delete. */
class CatalogCommandsTest extends SampleTest {
  @Test
  void nothingIsListedAsNothing() {
    CommandLineRun text = sample.run("list");
    assertThat(text.exitCode()).isZero();
    assertThat(text.out()).contains("No backups in").contains(sample.backups().toString());
    assertThat(sample.run("list", "--json").json().get("backups")).isEmpty();
    assertThat(sample.backups()).doesNotExist();
  }

  @Test
  void theHomeOfAnInstallationIsNoTarget() {
    String home = sample.home().toString();
    List<CommandLineRun> runs =
        List.of(
            sample.runOnStorage("backup", "--target", home),
            sample.run("list", "--target", home),
            sample.run("delete", "api", "--yes", "--target", home),
            sample.run(
                "prune", "--keep-last", "1", "--include-unverified", "--yes", "--target", home),
            sample.run("verify", "api", "--target", home));
    assertThat(runs)
        .allSatisfy(run -> assertThat(run.exitCode()).as(run.text()).isEqualTo(2))
        .allSatisfy(run -> assertThat(run.err()).contains("such as " + sample.backups()));
    assertThat(sample.database()).isNotEmptyFile();
    assertThat(sample.backups()).doesNotExist();
  }

  @Test
  void aFolderWhereALiveDatabaseWouldCountAsABackupIsNoTarget() throws IOException {
    Path folder = temp.resolve("data");
    Path live = Files.createDirectories(folder.resolve("live")).resolve("openmemory.db");
    Files.copy(sample.database(), live);
    CommandLineRun run =
        sample.runOnStorage("backup", "--db", live.toString(), "--target", folder.toString());
    assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
    assertThat(run.err()).contains("such as " + folder.resolve("backups"));
    assertThat(SampleHome.filesBelow(folder)).containsExactly(live);
  }

  @Test
  void listShowsEachWithStateAndContents() throws IOException {
    sample.backUp("first");
    sample.backUp("broken");
    Files.delete(sample.backups().resolve("broken/openmemory.db"));
    makeOneAsTheScriptsDo("scripted");

    CommandLineRun text = sample.run("list");
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .containsPattern("first +complete .*database, config, vectors")
        .containsPattern("scripted +unverified ")
        .containsPattern("broken +damaged ")
        .contains("broken is damaged: openmemory.db is missing")
        .contains("unverified: made without a manifest")
        .contains("3 backups");

    JsonNode json = sample.run("list", "--json").json();
    assertThat(json.get("backups")).hasSize(3);
    assertThat(json.get("backups").findValuesAsString("state"))
        .containsExactlyInAnyOrder("complete", "damaged", "unverified");
  }

  @Test
  void showTellsTheFactsOfTheManifest() {
    sample.backUp("first");
    CommandLineRun text = sample.run("show", "latest");
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .contains("Backup first")
        .contains("captured ")
        .contains("active 56")
        .contains("users: alice, bob")
        .contains("collections: openmemory")
        .containsPattern("sha256  [0-9a-f]{64}")
        .contains("warning: ");

    JsonNode manifest = sample.run("show", "first", "--json").json().get("backup").get("manifest");
    assertThat(manifest.get("components")).hasSize(3);
    assertThat(manifest.get("files").get(0).get("stored").get("sha256").asString()).hasSize(64);
  }

  @Test
  void anUnknownNameIsNotFoundAndNearNamesAreOffered() {
    sample.backUp("before-update");
    for (String command : new String[] {"show", "verify", "restore", "delete"}) {
      CommandLineRun run = sample.run(command, "befor-update");
      assertThat(run.exitCode()).as(command).isEqualTo(4);
      assertThat(run.err()).as(command).contains("Did you mean before-update?");
      assertThat(run.out()).isEmpty();
    }
    JsonNode error = sample.run("show", "zzz", "--json").json().get("error");
    assertThat(error.get("kind").asString()).isEqualTo("NOT_FOUND");
    assertThat(error.get("hint").asString()).contains("openmemory-backup list");
  }

  @Test
  void aNameThatIsNoNameIsAWrongCommandLine() {
    CommandLineRun run = sample.run("show", "../etc");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("not a valid name");
  }

  @Test
  void verifyTakesTheNewestAndSaysWhatItRead() {
    sample.backUp("first");
    CommandLineRun run = sample.run("verify");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("Backup first: ok")
        .containsPattern("qdrant-storage.tar.gz +sound")
        .doesNotContain("No digests");
    JsonNode json = sample.run("verify", "first", "--json").json();
    assertThat(json.get("ok").asBoolean()).isTrue();
    assertThat(json.get("backups").get(0).get("digestsCompared").asBoolean()).isTrue();
  }

  @Test
  void verifyFindsAFlippedBit() throws IOException {
    sample.backUp("first");
    sample.backUp("second");
    Path archive = sample.backups().resolve("second/qdrant-storage.tar.gz");
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Files.write(archive, bytes);

    CommandLineRun one = sample.run("verify", "second");
    assertThat(one.exitCode()).isEqualTo(5);
    assertThat(one.out()).contains("NOT OK").contains("problem: vectors");
    CommandLineRun all = sample.run("verify", "--all");
    assertThat(all.exitCode()).isEqualTo(5);
    assertThat(all.out()).contains("first: ok").contains("2 backups verified, 1 with problems");
    CommandLineRun json = sample.run("verify", "--all", "--json");
    assertThat(json.exitCode()).isEqualTo(5);
    assertThat(json.json().get("ok").asBoolean()).isFalse();
  }

  @Test
  void verifySaysThatABackupOfTheScriptsHasNoDigests() throws IOException {
    makeOneAsTheScriptsDo("scripted");
    CommandLineRun run = sample.run("verify", "scripted");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("No digests were compared");
  }

  @Test
  void verifyingNothingIsNotASuccess() {
    assertThat(sample.run("verify").exitCode()).isEqualTo(4);
    assertThat(sample.run("verify", "--all").exitCode()).isEqualTo(4);
    assertThat(sample.run("verify", "x", "--all").exitCode()).isEqualTo(2);
  }

  @Test
  void deleteAsksWithoutYes() {
    sample.backUp("first");
    assertThat(sample.run("delete", "first").exitCode()).isEqualTo(2);
    CommandLineRun no = new Surroundings().answering("no").run(sample.here("delete", "first"));
    assertThat(no.exitCode()).isEqualTo(130);
    assertThat(no.err()).contains("first").contains("will be deleted");
    assertThat(sample.backups().resolve("first/manifest.json")).exists();

    CommandLineRun yes = new Surroundings().answering("yes").run(sample.here("delete", "first"));
    assertThat(yes.exitCode()).isZero();
    assertThat(sample.backups().resolve("first")).doesNotExist();

    sample.backUp("second");
    CommandLineRun json = sample.run("delete", "second", "--yes", "--json");
    assertThat(json.json().get("deleted").asString()).isEqualTo("second");
  }

  @Test
  void theNewestIsNeverDeletedByThatWord() {
    sample.backUp("first");
    CommandLineRun run = sample.run("delete", "latest", "--yes");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(sample.backups().resolve("first/manifest.json")).exists();
  }

  private void makeOneAsTheScriptsDo(String name) throws IOException {
    Path folder = Files.createDirectories(sample.backups().resolve(name));
    Files.copy(sample.database(), folder.resolve("openmemory.db"));
    Files.copy(sample.config(), folder.resolve("config.json"));
    Files.writeString(folder.resolve("backup-info.txt"), "OpenMemory Backup\n");
  }
}
