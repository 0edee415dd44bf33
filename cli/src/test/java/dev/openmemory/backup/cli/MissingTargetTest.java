package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.internal.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A folder of a disk that is not mounted is no empty target. */
class MissingTargetTest extends SampleTest {
  @Test
  void whateverReadsSaysThatTheFolderIsMissing() {
    String missing = temp.resolve("typo").toString();
    for (List<String> command :
        List.of(
            List.of("list"),
            List.of("list", "--json"),
            List.of("show", "first"),
            List.of("verify", "--all"),
            List.of("verify", "latest"),
            List.of("restore"),
            List.of("prune", "--keep-last", "1", "--yes"))) {
      CommandLineRun run =
          sample.run(
              Stream.concat(command.stream(), Stream.of("--target", missing))
                  .toArray(String[]::new));
      assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(run.text()).contains("is its disk mounted?");
    }
    assertThat(temp.resolve("typo")).doesNotExist();
  }

  @Test
  void doctorSaysThatTheFirstBackupMakesTheFolderUnlessItsDiskMayBeMissing() {
    Path target = temp.resolve("disk");
    CommandLineRun first = doctor(target);
    assertThat(first.exitCode()).as(first.text()).isZero();
    assertThat(first.out()).contains("not there yet: the first backup makes it");
    assertThat(target).doesNotExist();
    assertThat(doctor(target.resolve("below")).out())
        .contains("[target-unusable]")
        .contains("is its disk mounted?");
  }

  @Test
  void theDefaultTargetIsMadeByTheFirstBackup() {
    assertThat(sample.run("list").out()).contains("No backups in");
    assertThat(sample.runOnStorage("doctor").exitCode()).isZero();
  }

  @Test
  void aBackupMakesTheLastFolderOnly() throws IOException {
    Path parent = temp.resolve("mnt");
    Path target = parent.resolve("backups");
    CommandLineRun refused = backUp("first", target);
    assertThat(refused.exitCode()).as(refused.text()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(refused.err()).contains(parent + " does not exist");
    assertThat(parent).doesNotExist();

    Files.createDirectory(parent);
    assertThat(backUp("first", target).exitCode()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
  }

  @Test
  void aTargetThatHasLostItsBackupsIsRefusedUntilTheUserInsists() throws IOException {
    Path target = temp.resolve("disk");
    assertThat(backUp("first", target).exitCode()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    for (boolean empty : new boolean[] {false, true}) {
      Disk.deleteTree(target);
      if (empty) {
        Files.createDirectory(target);
      }
      CommandLineRun refused = backUp("second", target);
      assertThat(refused.exitCode()).as(refused.text()).isEqualTo(ExitCodes.NOT_FOUND);
      CommandLineRun doctor = doctor(target);
      assertThat(doctor.exitCode()).as(doctor.text()).isEqualTo(ExitCodes.WARNINGS);
      for (String text : List.of(refused.err(), doctor.out())) {
        assertThat(text)
            .contains("backups were made here before")
            .contains(empty ? "is another one" : "does not exist")
            .contains("--new-target");
      }
    }
    assertThat(target).isEmptyDirectory();
    CommandLineRun insisted =
        sample.runOnStorage("backup", "third", "--target", target.toString(), "--new-target");
    assertThat(insisted.exitCode()).as(insisted.text()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    assertThat(backUp("fourth", target).exitCode()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
  }

  @Test
  void aTargetAllOfWhoseBackupsWereDeletedIsNotMissing() {
    sample.backUp("first");
    assertThat(sample.run("delete", "first", "--yes").exitCode()).isZero();
    sample.backUp("second");
  }

  private CommandLineRun doctor(Path target) {
    return sample.runOnStorage("doctor", "--target", target.toString());
  }

  private CommandLineRun backUp(String name, Path target) {
    return sample.runOnStorage("backup", name, "--target", target.toString());
  }
}
