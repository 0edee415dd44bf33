package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The command as a whole: the first backup begins at once, and then the daemon is stopped. */
class ScheduleRunCommandTest extends SampleTest {
  private static final String WAITS = "The next backup begins";

  private Path settings() {
    return sample.home().resolve("openmemory-backup.yaml");
  }

  private CommandLineRun runUntil(String text, String... options) {
    return runUntil(new Surroundings(), text, options);
  }

  private CommandLineRun runUntil(Surroundings surroundings, String text, String... options) {
    String[] first = sample.onStorage("schedule", "run", "--at-start");
    return surroundings.cancelledAt(text).run(SampleHome.with(options, first));
  }

  @Test
  void itMakesABackupAndEndsBetweenTwoRunsWithZero() throws IOException {
    CommandLineRun run = runUntil(WAITS, "--cron", "daily");

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.err()).contains("begins.", "ended: warnings, exit code 3", "ends on request");
    assertThat(sample.run("list", "--json").json().get("backups")).hasSize(1);

    CommandLineRun status = sample.run("schedule", "status");
    assertThat(status.exitCode()).isEqualTo(1);
    assertThat(status.out())
        .contains("schedule", "daily (Z)", "last run", "warnings, exit code 3")
        .contains("problem: no 'schedule run' is active");
    CommandLineRun json = sample.run("schedule", "status", "--json");
    assertThat(json.json().at("/scheduleStatus/last/exitCode").asInt()).isEqualTo(3);
    assertThat(json.json().at("/scheduleStatus/good").asBoolean()).isFalse();
    assertThat(json.json().at("/scheduleStatus/schedule").asString()).isEqualTo("daily");
  }

  @Test
  void aSignalDuringARunEndsItAsCtrlCDoes() throws IOException {
    CommandLineRun run = runUntil("Storing vectors", "--cron", "daily");

    assertThat(run.exitCode()).as(run.text()).isEqualTo(130);
    assertThat(run.err()).contains("ended: cancelled, exit code 130").doesNotContain("\tat ");
    assertThat(sample.run("list", "--json").json().get("backups")).isEmpty();
    assertThat(sample.filesOfBackups()).isEmpty();
    assertThat(sample.run("schedule", "status").out()).contains("was cancelled");
  }

  @Test
  void optionsOfBackupCountWhereverTheyAreGiven() throws IOException {
    Path other = temp.resolve("other");
    CommandLineRun run =
        runUntil(
            WAITS,
            "--cron=daily",
            "--target=" + other,
            "--tag",
            "one,two",
            "--tag=three",
            "--no-spool",
            "--compression",
            "none",
            "--prove=no",
            "--allow-shrunk",
            "--quiesce",
            "none",
            "--keep-last=1",
            "--time-zone=Europe/Berlin",
            "--accept-warnings=literal-key",
            "--json");

    assertThat(run.exitCode()).as(run.text()).isZero();
    var manifest = run.json().get("backup").get("manifest");
    assertThat(manifest.get("tags")).hasToString("[\"one\",\"three\",\"two\"]");
    assertThat(manifest.toString()).doesNotContain(".gz");
    assertThat(run.json().get("pruned")).hasSize(1);
    assertThat(run.json().at("/pruned/0/timeZone").asString()).isEqualTo("Europe/Berlin");
    assertThat(run.err()).contains("exit code 0");
    assertThat(SampleHome.filesBelow(other)).isNotEmpty();
    assertThat(sample.backups()).doesNotExist();
  }

  @Test
  void theSettingsSayWhenAndWhat() throws IOException {
    Files.writeString(
        settings(),
        """
        schedule: "*/30 * * * *"
        schedule-jitter: 2m
        schedule-state: state.json
        schedule-at-start: true
        time-zone: America/New_York
        storage-path: storage
        """);
    CommandLineRun run = new Surroundings().cancelledAt(WAITS).run(sample.here("schedule", "run"));

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(sample.home().resolve("state.json")).content().contains("\"exitCode\" : 3");
    assertThat(sample.run("schedule", "status").out())
        .contains("*/30 * * * * (America/New_York)", "exit code 3");
    Surroundings environment = new Surroundings().with("OPENMEMORY_BACKUP_SCHEDULE", "weekly");
    runUntil(environment, WAITS);
    assertThat(sample.run("schedule", "status").out()).contains("weekly (America/New_York)");
    runUntil(environment, WAITS, "--cron=monthly");
    assertThat(sample.run("schedule", "status").out()).contains("monthly (America/New_York)");
  }

  @Test
  void aSettingsFileThatBreaksIsSaidAndCountsAsFailed() {
    CommandLineRun run =
        runUntil(
            new Surroundings().on(" begins.", () -> write("schedule: daily\nstorage-pth: x\n")),
            WAITS,
            "--cron=daily");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.err())
        .contains(settings() + " line 2", "'storage-pth'", "ended: failed, exit code 2");
  }

  @Test
  void aScheduleThatBreaksCostsNoBackup() {
    CommandLineRun run =
        runUntil(
            new Surroundings().on(" begins.", () -> write("schedule-jitter: soon\n")),
            WAITS,
            "--cron=daily");
    assertThat(run.err())
        .contains("warning: the jitter 'soon' is not like", "ended: failed, exit code 2");
    assertThat(sample.run("list", "--json").json().get("backups")).hasSize(1);
  }

  private void write(String text) {
    try {
      Files.writeString(settings(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatHasNoMeaningIsRefusedBeforeAnything() {
    for (String[] options :
        new String[][] {
          {},
          {"--cron=soon"},
          {"--cron=daily", "--jitter=x"},
          {"--cron=daily", "--time-zone=Mars/Olympus"},
          {"--cron=daily", "--compression=lzma"}
        }) {
      CommandLineRun run = sample.runOnStorage(SampleHome.with(options, "schedule", "run"));
      assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
    }
    assertThat(sample.home().resolve(".openmemory-backup")).doesNotExist();
  }

  @Test
  void withoutAScheduleThereIsNoStatus() {
    CommandLineRun run = sample.run("schedule", "status");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .contains("There is no schedule with the state file", "'openmemory-backup schedule run'");
    assertThat(sample.run("schedule", "status", "--max-missed=0").exitCode()).isEqualTo(2);
  }
}
