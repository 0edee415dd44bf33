package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.cli.terminal.Host;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class BackupCommandTest {
  @TempDir Path temp;
  private SampleHome sample;

  @BeforeEach
  void make() throws IOException {
    sample = SampleHome.in(temp.resolve("open memory"));
  }

  @Test
  void saysWhatWasMadeAndThatThereAreWarnings() {
    CommandLineRun run = sample.runOnStorage("backup", "first");

    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.out())
        .contains("Backup first")
        .contains("openmemory.db")
        .contains("qdrant-storage.tar.gz")
        .contains("61 memories")
        .contains("56 active")
        .contains("alice, bob")
        .contains("warning: ")
        .contains("literal-key");
    assertThat(run.err())
        .contains("Capturing database")
        .contains("Storing vectors")
        .doesNotContain("\r");
    assertThat(sample.backups().resolve("first/manifest.json")).exists();
  }

  @Test
  void withoutANameItMakesOneUp() throws IOException {
    sample.runOnStorage("backup");

    try (Stream<Path> folders = Files.list(sample.backups())) {
      assertThat(folders.filter(Files::isDirectory).map(p -> p.getFileName().toString()).toList())
          .singleElement()
          .asString()
          .matches("openmemory-backup-[0-9]{8}-[0-9]{6}");
    }
  }

  @Test
  void jsonIsOneDocumentWithExactNumbers() {
    CommandLineRun run = sample.runOnStorage("backup", "first", "--json");

    JsonNode backup = run.json().get("backup");
    assertThat(backup.get("locations").get(0).asString()).endsWith("/first");
    assertThat(backup.get("storedBytes").asLong()).isPositive();
    assertThat(backup.get("elapsedSeconds").asDouble()).isEqualTo(3725);
    assertThat(backup.get("manifest").get("name").asString()).isEqualTo("first");
    assertThat(backup.get("manifest").get("warnings").get(0).get("code").asString())
        .isEqualTo("literal-key");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void theTimeThatItTookIsThatOfTheCommandSinceItsStart() {
    assertThat(sample.runOnStorage("backup", "first").out()).contains("  took      1:02:05");
    Duration before = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    assertThat(Host.ofThisProcess(new Cancellation()).age().get()).isGreaterThanOrEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "'', false, false",
    "--spool, '', true",
    "--spool, false, true",
    "--spool=false, '', false",
    "--no-spool, '', false",
    "--no-spool, true, false"
  })
  void vectorsAreCopiedFirstUnlessThatIsTurnedOff(String option, String set, boolean expected) {
    BackupCommand command = new BackupCommand(new Session(Host.ofThisProcess(new Cancellation())));
    Map<String, String> variables =
        set.isEmpty() ? Map.of() : Map.of("OPENMEMORY_BACKUP_SPOOL", set);
    new CommandLine(command)
        .setDefaultValueProvider(Settings.of(variables))
        .parseArgs(option.isEmpty() ? new String[0] : new String[] {option});
    assertThat(command.spool).isEqualTo(expected);
  }

  @Test
  void quietPrintsTheResultAlone() {
    CommandLineRun run = sample.runOnStorage("backup", "first", "-q");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Backup first");
  }

  @Test
  void aTakenNameIsRefused() {
    sample.backUp("first");
    CommandLineRun run = sample.runOnStorage("backup", "first");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("the name is taken").contains("openmemory-backup delete");
  }

  @Test
  void memoriesWithoutVectorsAreRefusedUnlessAccepted() throws IOException {
    String empty = Files.createDirectories(temp.resolve("empty")).toString();
    CommandLineRun refused = sample.run("backup", "first", "--storage-path", empty);
    assertThat(refused.exitCode()).as(refused.text()).isEqualTo(5);
    assertThat(refused.err()).contains("--storage-path").contains("--allow-empty-vectors");

    CommandLineRun accepted = sample.run("backup", "first", "--allow-empty-vectors");
    assertThat(accepted.exitCode()).as(accepted.text()).isEqualTo(3);
  }

  @Test
  void vectorsThatMustBeInAContainerNeedAnEngine() {
    CommandLineRun run = sample.run("backup", "first");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(1);
    assertThat(run.err())
        .contains("connect to Docker")
        .contains("/nonexistent/docker.sock")
        .contains("systemctl start docker")
        .contains("--storage-path");
    assertThat(sample.backups()).doesNotExist();
  }

  @Test
  void whoNamesAContainerNeedsAnEngine() {
    for (String option : new String[] {"--volume=v", "--container=c", "--project=p"}) {
      CommandLineRun run = sample.runOnStorage("backup", option);
      assertThat(run.exitCode()).as(run.text()).isEqualTo(1);
      assertThat(run.err()).contains("connect to Docker");
    }
  }

  @Test
  void containersOfAComposeProjectThatCannotBeAskedForAreNoted() throws IOException {
    assertThat(sample.runOnStorage("backup").err()).doesNotContain("Containers");
    Files.writeString(sample.home().resolve("docker-compose.yml"), "services: {}");
    CommandLineRun run = sample.runOnStorage("backup");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.err()).contains("Containers were not looked at").contains("docker.sock");
    assertThat(run.out()).doesNotContain("Containers");
  }

  @Test
  void howWritersAreHeldIsChosenFromThree() throws IOException {
    for (String how : new String[] {"pause", "stop", "none"}) {
      assertThat(
              new CommandLineRun.Surroundings()
                  .with("OPENMEMORY_BACKUP_QUIESCE", how)
                  .run(sample.onStorage("backup", "--no-spool"))
                  .exitCode())
          .isEqualTo(3);
    }
    CommandLineRun wrong = sample.run("backup", "--quiesce", "freeze");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("freeze").contains("--quiesce");
  }

  @Test
  void onlyTheChosenComponentsAreTaken() {
    CommandLineRun run = sample.run("backup", "first", "--only", "config,database", "--json");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(sample.backups().resolve("first/config.json")).exists();
    assertThat(sample.backups().resolve("first/openmemory.db")).exists();
    assertThat(sample.backups().resolve("first/qdrant-storage.tar.gz")).doesNotExist();
  }

  @Test
  void anUnknownComponentIsAWrongCommandLine() {
    CommandLineRun run = sample.run("backup", "--only", "pictures");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("pictures").contains("database");
  }

  @Test
  void aMissingDatabaseIsNotFound() throws IOException {
    Files.delete(sample.database());
    // It may be in a container.
    assertThat(sample.runOnStorage("backup").err()).contains("connect to Docker");
    CommandLineRun run =
        new CommandLineRun.Surroundings()
            .with("OPENMEMORY_BACKUP_DB", sample.database())
            .run(sample.onStorage("backup"));
    assertThat(run.exitCode()).as(run.text()).isEqualTo(4);
    assertThat(run.err()).contains(sample.database().toString()).contains("--db");
  }

  @Test
  void aDamagedDatabaseIsNotBackedUp() throws IOException {
    byte[] bytes = Files.readAllBytes(sample.database());
    Arrays.fill(bytes, 4096, 40960, (byte) 0x5a);
    Files.write(sample.database(), bytes);
    CommandLineRun run = sample.runOnStorage("backup", "first");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(5);
    assertThat(sample.backups().resolve("first")).doesNotExist();
  }

  @Test
  void partsMayBeElsewhere() throws IOException {
    Path database = Files.move(sample.database(), temp.resolve("elsewhere.db"));
    Path config = Files.move(sample.config(), temp.resolve("elsewhere.json"));
    CommandLineRun run =
        sample.run(
            "backup",
            "first",
            "--db=" + database,
            "--config-json=" + config,
            "--storage-path=" + sample.storage());
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(sample.backups().resolve("first/openmemory.db")).hasSize(Files.size(database));
  }

  @Test
  void compressionIsCheckedAndUsed() {
    for (List<String> wrong :
        List.of(
            List.of("--compression-level", "0"),
            List.of("--compression-level", "10"),
            List.of("--compression-threads", "0"))) {
      CommandLineRun run = sample.run("backup", wrong.get(0), wrong.get(1));
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("must be 1 to ");
    }
    CommandLineRun run =
        sample.run(
            "backup",
            "first",
            "--compression=zstd",
            "--compression-level=10",
            "--compression-threads=1",
            "--storage-path=" + sample.storage());
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(sample.backups().resolve("first/qdrant-storage.tar.zst")).isNotEmptyFile();
  }

  @Test
  void aCancelledBackupLeavesNothing() throws IOException {
    CommandLineRun run =
        new CommandLineRun.Surroundings().cancelled().run(sample.onStorage("backup", "first"));
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(sample.backups().resolve("first")).doesNotExist();
  }

  @Test
  void aBackupThatIsStoppedOnItsWayLeavesNothing() throws IOException {
    CommandLineRun run =
        new CommandLineRun.Surroundings()
            .cancelledAt("Storing vectors")
            .run(sample.onStorage("backup", "first"));
    assertThat(run.exitCode()).as(run.text()).isEqualTo(130);
    assertThat(run.err()).contains("Nothing was changed").doesNotContain("\tat ");
    assertThat(sample.run("list", "--json").json().get("backups")).isEmpty();
    assertThat(sample.filesOfBackups()).isEmpty();
  }

  @Test
  void theWordForTheNewestIsNoName() {
    CommandLineRun run = sample.run("backup", "latest");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("newest");
  }
}
