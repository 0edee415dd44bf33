package dev.openmemory.backup.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.command.RootCommand;
import dev.openmemory.backup.cli.terminal.Host;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path temp;
  private Path home;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    home = Files.createDirectories(temp.resolve("home"));
    file = home.resolve("openmemory-backup.yaml");
  }

  @Test
  void commandLineBeatsEnvironmentBeatsFileBeatsDefault() throws IOException {
    assertThat(targetOf(new Surroundings())).endsWith("/home/backups");
    Files.writeString(file, "target: of-file\n");
    assertThat(targetOf(new Surroundings())).endsWith("/home/of-file");
    Surroundings environment =
        new Surroundings().with("OPENMEMORY_BACKUP_TARGET", temp.resolve("of-environment"));
    assertThat(targetOf(environment)).endsWith("/of-environment");
    assertThat(targetOf(environment, "--target", temp.resolve("of-line").toString()))
        .endsWith("/of-line");
  }

  @Test
  void theHomeMayComeFromTheEnvironmentAndLeadsToItsFile() throws IOException {
    Files.writeString(file, "target: of-file\njson: true\n");
    CommandLineRun run = new Surroundings().with("OPENMEMORY_BACKUP_HOME", home).run("list");
    assertThat(targetOf(run)).endsWith("/home/of-file");
  }

  @Test
  void aFileElsewhereIsRelativeToItself() throws IOException {
    Path other = Files.createDirectories(temp.resolve("etc")).resolve("settings.yaml");
    Files.writeString(other, "home: ../home\ntarget: ../copies\n");
    CommandLineRun run = CommandLineRun.of("list", "--json", "--config", other.toString());
    assertThat(Path.of(URI.create(targetOf(run))).normalize()).isEqualTo(temp.resolve("copies"));
    CommandLineRun byEnvironment =
        new Surroundings().with("OPENMEMORY_BACKUP_CONFIG", other).run("list", "--json");
    assertThat(byEnvironment.out()).isEqualTo(run.out());
  }

  @Test
  void aTildeIsTheHomeOfTheUserInFileEnvironmentAndOptions() throws IOException {
    String expected = "file:" + Path.of(System.getProperty("user.home"), "om-none");
    String option = "--target=~/om-none";
    Files.writeString(file, "target: ~/om-none\n");
    assertThat(targetOf(new Surroundings())).isEqualTo(expected);
    Files.writeString(file, "target:\n  - uri: ~/om-none\n    keep-last: 1\n");
    assertThat(targetOf(new Surroundings())).isEqualTo(expected);
    Files.delete(file);
    Surroundings environment = new Surroundings().with("OPENMEMORY_BACKUP_TARGET", "~/om-none");
    assertThat(targetOf(environment)).isEqualTo(expected);
    assertThat(targetOf(new Surroundings(), option)).isEqualTo(expected);
  }

  @Test
  void aTildeIsTheHomeOfTheUserInEveryPath() {
    Map<String, List<String>> commands =
        Map.of(
            "HOME", List.of("list"),
            "CONFIG", List.of("list"),
            "DB", List.of("backup", "--only", "database", "--home", home.toString()),
            "QDRANT_API_KEY_FILE", List.of("snapshot", "list", "--qdrant-url", "http://h"),
            "S3_CA_FILE", List.of("list", "--target", "s3://bucket?region=x"));
    String none = Path.of(System.getProperty("user.home"), "om-none").toString();
    commands.forEach(
        (variable, command) -> {
          Surroundings set = new Surroundings().with("OPENMEMORY_BACKUP_" + variable, "~/om-none");
          assertThat(set.run(command.toArray(String[]::new)).text()).as(variable).contains(none);
        });
    assertThat(CommandLineRun.of("import", "~/om-none").err()).contains(none);
  }

  @Test
  void aUriInAFileIsNotAPath() throws IOException {
    Files.writeString(file, "target: gopher://host/x\n");
    assertThat(CommandLineRun.of("list", "--home", home.toString()).err())
        .contains("Unknown target type 'gopher'. Supported: file, s3, sftp.");
  }

  @Test
  void aFlagOfAFileCanBeTurnedOffAndIsNotTurnedOverByBeingRepeated() throws IOException {
    Files.writeString(file, "json: true\n");
    String in = home.toString();
    assertThat(CommandLineRun.of("list", "--home", in).out()).startsWith("{");
    assertThat(CommandLineRun.of("list", "--home", in, "--json").out()).startsWith("{");
    assertThat(CommandLineRun.of("list", "--home", in, "--json=false").out())
        .startsWith("No backups");
  }

  @Test
  void anUnknownSettingNamesFileLineAndTheKnownOnes() throws IOException {
    Files.writeString(file, "# mine\ntarget: x\ntargte: y\n");
    CommandLineRun run = CommandLineRun.of("list", "--home", home.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(file + " line 3")
        .contains("unknown setting 'targte'; did you mean target?");
    Files.writeString(file, "directory: x\n");
    assertThat(CommandLineRun.of("list", "--home", home.toString()).err())
        .contains("unknown setting 'directory'; known are ")
        .contains("storage-path")
        .contains("s3-region");
  }

  @Test
  void whatMustBeMeantEachTimeIsNoSetting() throws IOException {
    for (String key :
        new String[] {
          "yes", "to", "dry-run", "accept-mismatch", "discard-previous", "all", "config"
        }) {
      Files.writeString(file, key + ": true\n");
      assertThat(CommandLineRun.of("list", "--home", home.toString()).exitCode())
          .as(key)
          .isEqualTo(2);
    }
  }

  @Test
  void aFileThatIsNotYamlOrNotPairsIsRefusedWithoutQuotingIt() throws IOException {
    for (String text :
        new String[] {
          "target: [sk-secret",
          "- sk-secret",
          "target: {sk-secret: 1}",
          "target: x\ntarget: sk-secret",
          "sk-secret"
        }) {
      Files.writeString(file, text);
      CommandLineRun run = CommandLineRun.of("list", "--home", home.toString());
      assertThat(run.exitCode()).as(text).isEqualTo(2);
      assertThat(run.err())
          .as(text)
          .contains(file.toString())
          .doesNotContain("sk-secret")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void anEmptyFileSetsNothing() throws IOException {
    Files.writeString(file, "# nothing yet\n");
    assertThat(targetOf(new Surroundings())).endsWith("/home/backups");
  }

  @Test
  void aMissingFileThatWasAskedForIsRefused() {
    CommandLineRun run =
        CommandLineRun.of("list", "--config", home.resolve("none.yaml").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("none.yaml");
  }

  @Test
  void aWrongValueNamesThePlaceThatItComesFrom() throws IOException {
    Files.writeString(file, "compression-level: much\n");
    CommandLineRun run = CommandLineRun.of("backup", "--home", home.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("much").contains(file + " line 1");
    CommandLineRun byEnvironment =
        new Surroundings()
            .with("OPENMEMORY_BACKUP_COMPRESSION_THREADS", "many")
            .run("backup", "--home", temp.toString());
    assertThat(byEnvironment.err())
        .contains("many")
        .contains("OPENMEMORY_BACKUP_COMPRESSION_THREADS");
  }

  @Test
  void aVariableWithASlipInItsNameIsPointedOut() {
    CommandLineRun run =
        new Surroundings()
            .with("OPENMEMORY_BACKUP_TARGTE", "x")
            .with("OPENMEMORY_BACKUP_JAVA_OPTS", "-Xmx64m")
            .run("list", "--home", home.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("OPENMEMORY_BACKUP_TARGTE").doesNotContain("JAVA_OPTS");
  }

  @Test
  void everySettingIsAnOption() {
    Set<String> options = new TreeSet<>();
    var line = RootCommand.commandLine(new Session(Host.ofThisProcess(new Cancellation())));
    line.getCommandSpec().optionsMap().forEach((name, option) -> options.add(name));
    line.getSubcommands()
        .values()
        .forEach(
            c -> {
              options.addAll(c.getCommandSpec().optionsMap().keySet());
              c.getSubcommands()
                  .values()
                  .forEach(d -> options.addAll(d.getCommandSpec().optionsMap().keySet()));
            });
    for (Setting setting : Setting.values()) {
      assertThat(options.contains(setting.option()))
          .as(setting.option())
          .isEqualTo(setting.isOption());
    }
  }

  private String targetOf(Surroundings surroundings, String... more) {
    return targetOf(
        surroundings.run(SampleHome.with(more, "list", "--json", "--home", home.toString())));
  }

  /** As a list of backups shows it, or that there is no such folder. */
  private static String targetOf(CommandLineRun run) {
    return run.json().has("target")
        ? run.json().get("target").asString()
        : run.json().get("error").get("location").asString();
  }
}
