package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StatusCommandTest extends SampleTest {
  @Test
  void itSaysWhereDataAndBackupsAreAndChangesNothing() throws IOException {
    List<Path> before = SampleHome.filesBelow(sample.home());

    CommandLineRun first = sample.runOnStorage("status");

    assertThat(first.exitCode()).as(first.text()).isZero();
    assertThat(first.out())
        .contains("OpenMemory in " + sample.home(), sample.database().toString(), "none yet")
        .contains("openmemory-backup backup  ")
        .doesNotContain("restore latest");
    assertThat(SampleHome.filesBelow(sample.home())).isEqualTo(before);

    sample.backUp("first");
    sample.backUp("second");
    Files.writeString(sample.backups().resolve("first/manifest.json"), "{");
    CommandLineRun later = sample.runOnStorage("status");
    assertThat(later.exitCode()).isZero();
    assertThat(later.out())
        .contains("2 backups", "the newest is second of ", "1 of them damaged or not complete")
        .contains("restore latest");
    JsonNode json = sample.runOnStorage("status", "--json").json().get("status");
    assertThat(json.get("hasData").asBoolean()).isTrue();
    assertThat(json.at("/targets/0/newest/name").asString()).isEqualTo("second");
    assertThat(json.at("/targets/0/unusable").asInt()).isEqualTo(1);
  }

  @Test
  void withoutAnOpenMemoryItOffersTheDemo() {
    CommandLineRun run = CommandLineRun.of("status", "--home", temp.resolve("empty").toString());

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out())
        .contains("No OpenMemory in " + temp.resolve("empty"), "--home", "openmemory-backup demo")
        .doesNotContain("openmemory-backup backup");
  }

  @Test
  void aTargetThatCannotBeReadIsNamedWithExitCode3() {
    CommandLineRun run =
        sample.runOnStorage("status", "--target", temp.resolve("gone/backups").toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).contains("not reached: ").contains("gone");
  }

  @Test
  void itIsWhatRunsWithoutArguments() {
    CommandLineRun run = CommandLineRun.of();

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("OpenMemory in ").contains("openmemory-backup help");
  }
}
