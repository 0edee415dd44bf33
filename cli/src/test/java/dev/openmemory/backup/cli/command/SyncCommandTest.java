package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SyncCommandTest extends SampleTest {
  private String destination;

  @BeforeEach
  void name() {
    destination = temp.resolve("off-site").toString();
  }

  @Test
  void whatIsMissingIsSentAndThenNothing() {
    sample.backUp("first");

    CommandLineRun sent = sample.run("sync", destination);
    assertThat(sent.exitCode()).as(sent.text()).isZero();
    assertThat(sent.out())
        .contains("to " + destination)
        .containsPattern("sent +first +\\d files, ")
        .containsPattern("sent \\d.*, received \\d.*, total size \\d.*, speed-up ");
    assertThat(sent.err()).contains("Sending first").contains("Verifying first");

    CommandLineRun again = sample.run("sync", destination);
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("the same  1 backup").contains("sent 0 B");
    assertThat(sample.run("verify", "--all", "--target", destination).exitCode()).isZero();
  }

  @Test
  void jsonTellsEachBackupAndTheTraffic() {
    sample.backUp("first");
    JsonNode json = sample.run("sync", destination, "--json").json().get("sync");
    assertThat(json.get("backups").get(0).get("name").asString()).isEqualTo("first");
    assertThat(json.get("backups").get(0).get("outcome").asString()).isEqualTo("sent");
    assertThat(json.get("sentBytes").asLong()).isPositive();
    assertThat(json.get("speedUp").asDouble()).isPositive();
    assertThat(json.get("dryRun").asBoolean()).isFalse();
    assertThat(json.get("warnings")).isEmpty();
  }

  @Test
  void namesChooseAndTheNewestHasAWordOfItsOwn() {
    sample.backUp("first");
    sample.backUp("second");
    sample.run("sync", destination, "latest");
    assertThat(temp.resolve("off-site/second/manifest.json")).exists();
    assertThat(temp.resolve("off-site/first")).doesNotExist();
    assertThat(sample.run("sync", destination, "fist").err()).contains("Did you mean first?");
  }

  @Test
  void aDryRunChangesNothing() {
    sample.backUp("first");
    CommandLineRun run = sample.run("sync", destination, "--dry-run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Dry run, nothing was changed").containsPattern("sent +first");
    assertThat(temp.resolve("off-site")).doesNotExist();
  }

  @Test
  void aDeletionIsAgreedTo() {
    sample.backUp("first");
    sample.backUp("second");
    sample.run("sync", destination);
    sample.run("delete", "first", "--yes");
    String[] deleting = sample.here("sync", destination, "--delete");

    assertThat(new Surroundings().run(deleting).exitCode()).isEqualTo(2);
    CommandLineRun no = new Surroundings().answering("no").run(deleting);
    assertThat(no.exitCode()).isEqualTo(130);
    assertThat(no.err()).contains("will be deleted").contains("first").doesNotContain("second\n");
    assertThat(temp.resolve("off-site/first/manifest.json")).exists();

    CommandLineRun yes = new Surroundings().answering("yes").run(deleting);
    assertThat(yes.exitCode()).as(yes.text()).isZero();
    assertThat(yes.out()).containsPattern("deleted +first");
    assertThat(temp.resolve("off-site/first")).doesNotExist();
    assertThat(temp.resolve("off-site/second/manifest.json")).exists();
  }

  @Test
  void aBackupThatCannotBeCopiedIsAWarning() throws IOException {
    sample.backUp("first");
    sample.backUp("broken");
    Files.delete(sample.backups().resolve("broken/openmemory.db"));
    CommandLineRun run = sample.run("sync", destination);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).containsPattern("FAILED +broken +damaged: openmemory.db is missing");
    assertThat(temp.resolve("off-site/first/manifest.json")).exists();
  }

  @Test
  void aSourceWithoutBackupsIsNotASuccess() {
    assertThat(sample.run("sync", destination).exitCode()).isEqualTo(4);
  }

  @Test
  void contradictionsAreWrongCommandLines() {
    sample.backUp("first");
    assertThat(sample.run("sync").exitCode()).isEqualTo(2);
    assertThat(sample.run("sync", destination, "first", "--delete").exitCode()).isEqualTo(2);
    assertThat(sample.run("sync", sample.backups().toString()).exitCode()).isEqualTo(2);
    assertThat(sample.run("sync", destination, "--limit", "0").exitCode()).isEqualTo(2);
    CommandLineRun rate = sample.run("sync", destination, "--limit", "fast");
    assertThat(rate.exitCode()).isEqualTo(2);
    assertThat(rate.err()).contains("8MiB");
    assertThat(temp.resolve("off-site")).doesNotExist();
  }

  @Test
  void aLimitIsTaken() {
    sample.backUp("first");
    CommandLineRun run = sample.run("sync", destination, "--limit", "1GiB");
    assertThat(run.exitCode()).as(run.text()).isZero();
  }
}
