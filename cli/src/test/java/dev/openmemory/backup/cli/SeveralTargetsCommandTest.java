package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Several targets of one backup, on the command line and in the settings. */
class SeveralTargetsCommandTest extends SampleTest {
  private Path near;
  private Path far;

  @BeforeEach
  void name() {
    near = temp.resolve("near");
    far = temp.resolve("far");
  }

  @Test
  void theBackupIsInBothWhereverTheOptionsAre() {
    CommandLineRun run =
        sample.runOnStorage("backup", "one", "--target", near.toString(), "--target=" + far);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.out())
        .contains("  in        " + near.resolve("one"))
        .contains("  in        " + far.resolve("one"));
    for (Path target : new Path[] {near, far}) {
      assertThat(sample.run("verify", "one", "--target", target.toString()).exitCode()).isZero();
    }
    CommandLineRun apart =
        sample.runOnStorage(
            "--target", near.toString(), "backup", "two", "--target", far.toString());
    assertThat(apart.exitCode()).as(apart.text()).isEqualTo(3);
    assertThat(near.resolve("two/manifest.json")).exists();
    assertThat(far.resolve("two/manifest.json")).exists();
  }

  @Test
  void aTargetThatCannotBeUsedIsNamedWithAHintAndTheOtherHasTheBackup() throws IOException {
    Files.writeString(far, "a file where a folder is needed");
    String[] targets = {"--target", near.toString(), "--target", far.toString()};
    CommandLineRun run = sample.runOnStorage(SampleHome.with(targets, "backup", "one"));
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.out()).contains("  not in    " + far + ": ");
    assertThat(near.resolve("one/manifest.json")).exists();
    assertThat(Files.readString(near.resolve("one/manifest.json"))).doesNotContain(far.toString());

    String[] again = SampleHome.with(targets, "backup", "two", "--json");
    JsonNode backup = sample.runOnStorage(again).json().get("backup");
    assertThat(backup.get("locations")).hasSize(1);
    JsonNode missed = backup.get("missed").get(0);
    assertThat(missed.get("target").asString()).endsWith("/far");
    assertThat(missed.get("kind").asString()).isNotEmpty();
    assertThat(missed.get("message").asString()).contains("far");
    assertThat(missed.get("hint").asString()).isNotEmpty();
  }

  @Test
  void eachTargetOfTheSettingsKeepsByItsOwnRules() throws IOException {
    settings(
        """
        target:
          - ../near
          - uri: ../far
            keep-last: 1
        keep-last: 2
        """);
    for (String name : new String[] {"a", "b", "c"}) {
      backUp(name);
    }
    assertThat(near).isDirectoryContaining("glob:**/b").isDirectoryContaining("glob:**/c");
    assertThat(near.resolve("a")).doesNotExist();
    assertThat(far.resolve("b")).doesNotExist();
    assertThat(far.resolve("c/manifest.json")).exists();

    // The first is the one that other commands work on; prune knows the rules of each.
    assertThat(sample.run("list").out()).contains("2 backups").contains(near.toString());
    assertThat(sample.run("prune", "--dry-run", "--target", far.toString()).out())
        .contains("last 1");
    assertThat(sample.run("prune", "--dry-run").out()).contains("last 2");
    CommandLineRun examined = sample.runOnStorage("doctor", "--json");
    JsonNode doctor = examined.json().at("/doctor/targets");
    assertThat(doctor.isArray()).as(examined.text()).isTrue();
    assertThat(doctor.findValuesAsString("location")).hasSize(2);
    assertThat(doctor.get(1).get("backups").asInt()).isEqualTo(1);
  }

  @Test
  void theEnvironmentHasOneTargetALine() {
    CommandLineRun run =
        new CommandLineRun.Surroundings()
            .with("OPENMEMORY_BACKUP_TARGET", near + "\n" + far)
            .run(sample.onStorage("backup", "one"));
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(near.resolve("one/manifest.json")).exists();
    assertThat(far.resolve("one/manifest.json")).exists();
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeAnythingIsDone() throws IOException {
    CommandLineRun list =
        sample.run("list", "--target", near.toString(), "--target", far.toString());
    assertThat(list.exitCode()).isEqualTo(2);
    assertThat(list.err()).contains("--target").contains("2 times");
    for (String command : new String[] {"backup", "list", "doctor", "prune"}) {
      CommandLineRun empty = sample.run(command, "--target", "");
      assertThat(empty.exitCode()).as(empty.text()).isEqualTo(2);
      assertThat(empty.err()).contains("--target has an empty value");
    }
    CommandLineRun twice =
        sample.runOnStorage("backup", "--target", near.toString(), "--target", near.toString());
    assertThat(twice.exitCode()).isEqualTo(2);
    assertThat(twice.err()).contains("twice");
    for (String[] wrong :
        new String[][] {
          {"target:\n  - keep-last: 1\n", "without its 'uri'"},
          {"target:\n  - uri: x\n    keep-lats: 1\n", "keep-lats"},
          {"target:\n  - uri: x\n    uri: y\n", "second time"},
          {"target:\n  - uri: x\n    compression-level: 1\n", "compression-level"},
          {"target:\n  - uri: ../near\n    keep-last: many\n", "line 3"},
          {"target:\n  - uri: x\n    keep-last: 1\n    keep-daily: y\n", "line 4"},
          {"target:\n  - [x]\n", "single value"}
        }) {
      settings(wrong[0]);
      CommandLineRun run = sample.runOnStorage("backup");
      assertThat(run.exitCode()).as(wrong[0] + run.text()).isEqualTo(2);
      assertThat(run.err()).as(wrong[0]).contains(wrong[1]).contains("openmemory-backup.yaml");
    }
    assertThat(near).doesNotExist();
  }

  @Test
  void aScheduleHasAllTargetsOfTheCommandLine() {
    String[] targets = {"--target", near.toString(), "--target", far.toString()};
    CommandLineRun run = sample.run(SampleHome.with(targets, "schedule", "print", "--systemd"));
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("--target=" + near).contains("--target=" + far);
  }

  private void settings(String text) throws IOException {
    Files.writeString(sample.home().resolve("openmemory-backup.yaml"), text);
  }

  private void backUp(String name) {
    CommandLineRun run = sample.runOnStorage("backup", name);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
  }
}
