package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.advice.Advice;
import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RestoreCommandTest extends SampleTest {
  private static final String CHANGED = "{\"changed\": true}";

  private String original = "";

  @BeforeEach
  void make() throws IOException {
    sample.backUp("first");
    original = Files.readString(sample.config());
    Files.writeString(sample.config(), CHANGED);
  }

  @Test
  void withoutANameTheBackupsAreListedAndNothingIsDone() {
    CommandLineRun run = sample.run("restore");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("first");
    assertThat(run.err()).contains("restore NAME").contains("latest");
    assertThat(sample.config()).hasContent(CHANGED);
  }

  @Test
  void afterYesTheBackupIsRestoredAndThePreviousDataIsNamed() {
    CommandLineRun run =
        new Surroundings().answering("yes").run(sample.onStorage("restore", "first"));
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.err())
        .contains("will replace")
        .contains(sample.database().toString())
        .contains(sample.config().toString())
        .contains(sample.storage().toString())
        .contains("will be kept");
    assertThat(run.out())
        .contains("Restored backup first")
        .contains("Your previous data was saved in:")
        .contains("To go back: openmemory-backup undo");
    assertThat(sample.config()).hasContent(original);
  }

  @Test
  void anyOtherAnswerChangesNothing() {
    for (String answer : new String[] {"n", "no", "", "yes please", "yy"}) {
      CommandLineRun run =
          new Surroundings().answering(answer).run(sample.onStorage("restore", "first"));
      assertThat(run.exitCode()).as(answer).isEqualTo(130);
      assertThat(sample.config()).hasContent(CHANGED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"y", "Y", "YES", " yes "})
  void yMeansYes(String answer) {
    CommandLineRun run =
        new Surroundings().answering(answer).run(sample.onStorage("restore", "first"));
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(sample.config()).hasContent(original);
  }

  @Test
  void whatCannotBeRestoredIsRefusedBeforeAPersonIsAsked() throws IOException {
    assertRefusedUnasked(2, sample.onStorage("restore", "first", "--only", "database"));
    Files.writeString(sample.storage().resolve("foreign"), "");
    Files.move(sample.storage().resolve("raft_state.json"), temp.resolve("raft"));
    Files.move(sample.storage().resolve("collections"), temp.resolve("collections"));
    assertRefusedUnasked(2, sample.onStorage("restore", "first"));
    Files.delete(sample.backups().resolve("first/openmemory.db"));
    assertRefusedUnasked(5, sample.onStorage("restore", "first"));
  }

  private void assertRefusedUnasked(int exitCode, String... args) {
    CommandLineRun run = new Surroundings().answering("y").run(args);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(exitCode);
    assertThat(run.err()).doesNotContain("will replace");
    assertThat(sample.config()).hasContent(CHANGED);
    assertThat(sample.home().resolve("api/.openmemory-backup")).doesNotExist();
  }

  @Test
  void withoutATerminalItNeedsYes() {
    CommandLineRun refused = sample.runOnStorage("restore", "latest");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--yes");
    assertThat(sample.config()).hasContent(CHANGED);

    CommandLineRun agreed = sample.runOnStorage("restore", "latest", "--yes");
    assertThat(agreed.exitCode()).as(agreed.text()).isZero();
    assertThat(sample.config()).hasContent(original);
  }

  @Test
  void jsonSaysWhereTheOldStateIs() throws IOException {
    CommandLineRun run = sample.runOnStorage("restore", "first", "--yes", "--json");
    JsonNode restore = run.json().get("restore");
    assertThat(restore.get("name").asString()).isEqualTo("first");
    assertThat(restore.get("components")).hasSize(3);
    assertThat(restore.get("undoable").asBoolean()).isTrue();
    Path previous = Path.of(restore.get("previous").get("config").asString());
    assertThat(previous.resolve("config.json")).hasContent(CHANGED);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void discardingLeavesNothingOfTheOldState() {
    CommandLineRun run =
        sample.runOnStorage("restore", "first", "--yes", "--json", "--discard-previous");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.json().get("restore").get("previous")).isEmpty();
  }

  @Test
  void aDryRunChecksAndChangesNothing() {
    CommandLineRun run = sample.runOnStorage("restore", "first", "--dry-run");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("can be restored").contains("nothing was changed");
    assertThat(sample.config()).hasContent(CHANGED);
  }

  @Test
  void aFolderOfItsOwnNeedsNoAnswerAndCanBeBackedUpAsItIs() throws IOException {
    Path copy = temp.resolve("copy");
    CommandLineRun run = sample.run("restore", "first", "--to", copy.toString());
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(copy.resolve("api/config.json")).hasContent(original);
    assertThat(copy.resolve("qdrant-storage/collections/openmemory/segment.dat")).hasSize(20_000);
    assertThat(sample.config()).hasContent(CHANGED);

    CommandLineRun again = CommandLineRun.of("backup", "second", "--home", copy.toString());
    assertThat(again.exitCode()).as(again.text()).isEqualTo(3);
  }

  @Test
  void aFolderThatIsNotEmptyIsLeftAlone() throws IOException {
    Path full = Files.createDirectories(temp.resolve("full"));
    Files.writeString(full.resolve("holiday.txt"), "mine");
    CommandLineRun run = sample.run("restore", "first", "--to", full.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(full.toString()).contains("not an empty folder");
    assertThat(full).isDirectoryContaining("glob:**holiday.txt");
    try (var entries = Files.list(full)) {
      assertThat(entries).hasSize(1);
    }
  }

  @Test
  void aFolderOfItsOwnThatCannotBeClearedIsNoReasonToKeepOpenMemoryDown() {
    BackupException failure =
        RestoreCommand.inNewFolder(
            new BackupException(Kind.NOT_ROLLED_BACK, "restore", "/new", "disk broke"));

    assertThat(ExitCodes.of(failure.kind())).isEqualTo(1);
    assertThat(Advice.explained(failure))
        .contains("/new: disk broke", "Delete that folder", "nothing else was changed")
        .doesNotContain("Do not start");
  }

  @Test
  void placesAreNotGivenTwice() {
    CommandLineRun run =
        sample.run(
            "restore",
            "first",
            "--to",
            temp.resolve("x").toString(),
            "--db",
            temp.resolve("y").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--db");
  }

  @Test
  void aFolderOfItsOwnHasNothingToDoWithContainers() {
    for (String option : new String[] {"--volume", "--container", "--project"}) {
      CommandLineRun run =
          sample.run("restore", "first", "--to", temp.resolve("x").toString(), option, "y");
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains(option);
    }
  }

  @Test
  void placesOfTheSettingsFileDoNotStandInTheWayOfAFolderOfItsOwn() throws IOException {
    Files.writeString(sample.home().resolve("openmemory-backup.yaml"), "storage-path: storage\n");
    CommandLineRun run = sample.run("restore", "first", "--to", temp.resolve("x").toString());
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(temp.resolve("x/qdrant-storage/raft_state.json")).exists();
  }

  @Test
  void aPartWithoutItsCounterpartHasToBeAccepted() {
    CommandLineRun refused = sample.run("restore", "first", "--yes", "--only", "database");
    assertThat(refused.exitCode()).as(refused.text()).isEqualTo(2);
    assertThat(refused.err()).contains("--accept-mismatch");

    CommandLineRun accepted =
        sample.run("restore", "first", "--yes", "--only", "database", "--accept-mismatch");
    assertThat(accepted.exitCode()).as(accepted.text()).isZero();
    assertThat(sample.config()).hasContent(CHANGED);
  }

  @Test
  void aDatabaseInUseIsLockedAndNothingChanges() throws IOException {
    // The bytes that SQLite locks. Its own lock would not do: a process never locks itself out.
    try (FileChannel inUse =
        FileChannel.open(sample.database(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      inUse.lock(0x40000000, 512, false);
      CommandLineRun run = sample.runOnStorage("restore", "first", "--yes");
      assertThat(run.exitCode()).as(run.text()).isEqualTo(6);
      assertThat(run.err()).contains("docker compose stop");
    }
    assertThat(sample.config()).hasContent(CHANGED);
  }

  @Test
  void aDamagedBackupChangesNothing() throws IOException {
    Path archive = sample.backups().resolve("first/qdrant-storage.tar.gz");
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Files.write(archive, bytes);
    CommandLineRun run = sample.runOnStorage("restore", "first", "--yes");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(5);
    assertThat(sample.config()).hasContent(CHANGED);
  }
}
