package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TargetCheckCommandTest extends SampleTest {
  @Test
  void aPersonSeesALineForEachDutyAndAVerdictAndTheFolderStaysAsItWas() throws IOException {
    sample.backUp("first");

    CommandLineRun run = check(sample.backups().toString(), "--size", "300KiB");

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.err()).contains("Checking a large object", "Checking that nothing is left");
    assertThat(run.out())
        .startsWith("Target " + sample.backups())
        .containsPattern("T1 +a large object +kept +0[.]3 MiB")
        .containsPattern("T12 +several writers at once +kept")
        .contains("This target can be used for backups.", "Backups can be verified and restored.")
        .endsWith("Everything that the check wrote has been removed.\n");
    assertThat(sample.run("list", "--json").json().get("present").asInt()).isOne();
    assertThat(sample.run("doctor").out()).doesNotContain("openmemory-target-check");
  }

  @Test
  void programsGetTheVerdictAndWhatWasSeenOfEachDuty() throws IOException {
    Path target = Files.createDirectory(temp.resolve("target"));

    JsonNode check = check(target.toString(), "--json").json().get("targetCheck");

    assertThat(check.get("location").asString()).startsWith("file:/");
    assertThat(check.get("verdict").asString()).isEqualTo("usable");
    assertThat(check.get("left")).isEmpty();
    assertThat(check.get("duties"))
        .hasSizeGreaterThan(10)
        .allSatisfy(duty -> assertThat(duty.get("outcome").asString()).isEqualTo("kept"))
        .allSatisfy(duty -> assertThat(duty.get("duty").asString()).matches("T\\d+"));
    assertThat(SampleHome.filesBelow(target)).isEmpty();
  }

  @Test
  void aMissingFolderIsNotMadeAndAHomeIsRefused() {
    Path missing = temp.resolve("missing");

    assertThat(check(missing.toString()).exitCode()).isEqualTo(4);

    assertThat(missing).doesNotExist();
    assertThat(check(sample.home().toString()).exitCode()).as("the home itself").isEqualTo(2);
  }

  @Test
  void aSizeOfNothingIsAWrongCommandLine() {
    assertThat(check(temp.toString(), "--size", "0").exitCode()).isEqualTo(2);
  }

  private CommandLineRun check(String target, String... more) {
    String[] args = new String[3 + more.length];
    args[0] = "target";
    args[1] = "check";
    args[2] = target;
    System.arraycopy(more, 0, args, 3, more.length);
    return sample.run(args);
  }
}
