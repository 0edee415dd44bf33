package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigCommandTest extends SampleTest {
  private static final String SECRET = "https://hc.example/5ecret";

  private Path file() {
    return sample.home().resolve("openmemory-backup.yaml");
  }

  private void write(String text) throws IOException {
    Files.writeString(file(), text);
  }

  @Test
  void aNewFileIsPrivateCommentedAndUsedByABackup() throws IOException {
    CommandLineRun run = sample.runOnStorage("config", "init");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("Wrote " + file());
    assertThat(file())
        .content()
        .contains("#   database: " + sample.database(), "target: backups\n", "#schedule: ")
        .contains("storage-path: \"" + sample.storage() + "\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(sample.run("config", "check").exitCode()).isZero();
    assertThat(sample.run("backup").exitCode()).isEqualTo(3);
    assertThat(sample.filesOfBackups()).isNotEmpty();
  }

  @Test
  void everyLineThatIsCommentedOutIsASettingThatWorks() throws IOException {
    sample.run("config", "init");
    Path address = Files.writeString(temp.resolve("address"), SECRET);
    Path login = Files.writeString(temp.resolve("login"), "me\npassword\n");
    String all =
        Files.readString(file())
            .replaceAll("(?m)^#(?=[a-z])", "")
            .replaceAll("/etc/openmemory-[a-z]+-url", address.toString())
            .replace("/etc/openmemory-mail-login", login.toString());
    assertThat(all).contains("\nschedule: ", "\nkeep-daily: 7", "\nencrypt-to: age1...");
    write(all);
    assertThat(sample.run("config", "check").text()).contains("Nothing is wrong in " + file());
  }

  @Test
  void aFileThatIsThereIsNeverReplaced() throws IOException {
    write("# mine\n");
    CommandLineRun run = sample.run("config", "init");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("exists already");
    assertThat(file()).hasContent("# mine");
  }

  @Test
  void theOptionsOfInitBecomeSettings() throws IOException {
    Path other = temp.resolve("etc/om.yaml");
    Files.createDirectories(other.getParent());
    CommandLineRun run =
        sample.run(
            "config",
            "init",
            "--config",
            other.toString(),
            "--target=s3://bucket/p?region=x",
            "--target=" + temp.resolve("copies"),
            "--storage-path=" + temp.resolve("a \"b\": c"),
            "--json");
    // A file that was asked for has to be there for every command but this one.
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.json().at("/configInit/file").asString()).isEqualTo(other.toString());
    assertThat(other)
        .content()
        .contains("  - \"s3://bucket/p?region=x\"\n", "  - \"" + temp.resolve("copies"));
    CommandLineRun shown = sample.run("config", "show", "--config", other.toString(), "--json");
    assertThat(shown.out()).contains("s3://bucket/p?region=x, " + temp.resolve("copies"));
    assertThat(shown.out()).contains("a \\\"b\\\": c");
  }

  @Test
  void aTargetThatCannotBeOneIsRefusedBeforeAFileIsWritten() {
    assertThat(sample.run("config", "init", "--target", "gopher://x").exitCode()).isEqualTo(1);
    assertThat(file()).doesNotExist();
  }

  @Test
  void itShowsEachValueAndWhereItComesFromWithoutSecrets() throws IOException {
    write(
        """
        ping-url: https://hc.example/5ecret
        hook-before: echo 5ecret
        compression: zstd
        s3-region: eu-central-1
        target:
          - uri: sftp://me:5ecret@host/x
            keep-daily: 3
        keep-last: 9
        """);
    Surroundings surroundings =
        new Surroundings()
            .with("OPENMEMORY_BACKUP_COMPRESSION", "none")
            .with("OPENMEMORY_BACKUP_HOOK_AFTER", "echo 5ecret");
    CommandLineRun run =
        surroundings.run(sample.here("config", "show", "--accept-warnings=literal-key"));
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll(" {2,}", "|")).toList())
        .contains(
            "Lines are of " + file(),
            "ping-url|***|line 1",
            "hook-before|***|line 2",
            "hook-after|***|OPENMEMORY_BACKUP_HOOK_AFTER",
            "compression|none|OPENMEMORY_BACKUP_COMPRESSION",
            "s3-region|eu-central-1|line 4",
            "target|sftp://me:***@host/x|line 5",
            "keep-daily of sftp://me:***@host/x|3|line 7",
            "keep-last|9|line 8",
            "accept-warnings|literal-key|command line",
            "home|" + sample.home() + "|command line")
        .noneMatch(line -> line.endsWith("|default"));
    assertThat(run.text()).doesNotContain("5ecret");

    assertThat(
            sample
                .run("config", "show", "--all")
                .out()
                .lines()
                .map(l -> l.replaceAll(" {2,}", "|")))
        .contains("quiesce|pause|default", "lock-timeout|10m|default", "encrypt-to|-|default");
    assertThat(sample.run("config", "show", "--json").text()).doesNotContain("5ecret");
  }

  @Test
  void aCheckNamesAllThatIsWrongAtOnce() throws IOException {
    write(
        """
        targte: x
        compression-level: much
        keep-last: 1
        keep-last: 2
        qiesce: stop
        identity-file: none.key
        """);
    CommandLineRun run =
        new Surroundings()
            .with("OPENMEMORY_BACKUP_TARGTE", "x")
            .with("OPENMEMORY_BACKUP_QUIESCE", "sleep")
            .run(sample.here("config", "check"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out())
        .contains(
            "unknown variable OPENMEMORY_BACKUP_TARGTE. Did you mean OPENMEMORY_BACKUP_TARGET?",
            file() + " line 1: unknown setting 'targte'; did you mean target",
            file() + " line 2: ",
            "much",
            file() + " line 4: sets 'keep-last' a second time",
            file() + " line 5: unknown setting 'qiesce'; did you mean quiesce",
            "OPENMEMORY_BACKUP_QUIESCE: ",
            file() + " line 6: the file of identity-file cannot be read");
    assertThat(sample.run("config", "check", "--json").json().at("/configCheck/ok").asBoolean())
        .isFalse();
  }

  @Test
  void aCheckRefusesWhatABackupOrAScheduleWouldRefuse() throws IOException {
    for (String text :
        List.of(
            "target: gopher://host",
            "target: s3://bucket?part-size=x",
            "s3-part-size: x\ntarget: s3://bucket",
            "target: sftp://me:5ecret@host/x",
            "lock-timeout: soon",
            "compression-level: 99",
            "keep-within: soon",
            "time-zone: Mars",
            "target:\n  - uri: a\n    keep-within: soon",
            "hook-timeout: soon",
            "ping-method: PATCH",
            "schedule: soon",
            "schedule: daily\nschedule-jitter: soon",
            "tag: a/b",
            "target: [")) {
      write(text + "\n");
      CommandLineRun run = sample.run("config", "check");
      assertThat(run.exitCode()).as(text + run.text()).isEqualTo(2);
      assertThat(run.text()).as(text).doesNotContain("5ecret").doesNotContain("\tat ");
    }
  }

  @Test
  void withoutAFileTheVariablesAreChecked() {
    CommandLineRun run = sample.run("config", "check");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("There is no file " + file());
  }
}
