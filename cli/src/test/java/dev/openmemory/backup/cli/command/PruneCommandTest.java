package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** prune, pin, unpin and unlock, and the policy of the settings. */
class PruneCommandTest extends SampleTest {
  @Test
  void theDryRunSaysWhyAndChangesNothing() {
    backUp("first", "second");
    CommandLineRun text = sample.run("prune", "--keep-last", "1", "--dry-run");
    assertThat(text.exitCode()).as(text.text()).isZero();
    assertThat(text.out())
        .containsPattern("installation [0-9a-f-]{36}")
        .containsPattern("second .* keep +last 1")
        .containsPattern("first .* remove +not kept by any rule")
        .contains("Would remove 1 (");
    JsonNode json =
        sample.run("prune", "--keep-last", "1", "--dry-run", "--json").json().get("prune");
    assertThat(json.get("dryRun").asBoolean()).isTrue();
    assertThat(json.get("backups").findValuesAsString("outcome"))
        .containsExactly("kept", "removed");
    assertThat(sample.backups().resolve("first/manifest.json")).exists();
  }

  @Test
  void itAsksAndDeletes() {
    backUp("first", "second");
    assertThat(sample.run("prune", "--keep-last", "1").exitCode()).isEqualTo(2);
    CommandLineRun no =
        new CommandLineRun.Surroundings()
            .answering("no")
            .run(sample.here("prune", "--keep-last", "1"));
    assertThat(no.exitCode()).isEqualTo(130);
    assertThat(no.err()).contains("will be deleted:\n  first\n");
    assertThat(sample.backups().resolve("first")).exists();

    CommandLineRun yes = sample.run("prune", "--keep-last", "1", "--yes");
    assertThat(yes.exitCode()).as(yes.text()).isZero();
    assertThat(yes.out()).contains("Removed 1 (");
    assertThat(sample.backups().resolve("first")).doesNotExist();
    assertThat(sample.backups().resolve("second")).exists();
  }

  @Test
  void whatMakesNoSenseIsRefusedWithAHint() {
    backUp("first");
    CommandLineRun nothing = sample.run("prune", "--yes");
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err())
        .contains("Nothing pruned: no --keep-* rule was given.")
        .contains("--keep-daily 7");
    for (String[] wrong :
        new String[][] {
          {"--keep-last", "-1"},
          {"--keep-within", "soon"},
          {"--keep-daily", "1", "--time-zone", "Nowhere/Land"},
          {"--keep-daily", "1", "--lock-timeout", "later"}
        }) {
      CommandLineRun run = sample.run(SampleHome.with(wrong, "prune", "--yes"));
      assertThat(run.exitCode()).as(String.join(" ", wrong)).isEqualTo(2);
    }
    assertThat(sample.backups().resolve("first")).exists();
  }

  @Test
  void thePolicyOfTheSettingsIsAppliedAfterABackup() throws IOException {
    backUp("first", "second");
    Files.writeString(sample.home().resolve("openmemory-backup.yaml"), "keep-last: 2\n");
    CommandLineRun run = sample.runOnStorage("backup", "third", "--tag", "release");
    assertThat(run.out()).containsPattern("first .* removed").contains("Removed 1 (");
    assertThat(sample.backups().resolve("first")).doesNotExist();
    assertThat(sample.backups().resolve("third/manifest.json")).exists();
    assertThat(sample.run("show", "third").out()).contains("tags      release");
    CommandLineRun json = sample.runOnStorage("backup", "fourth", "--json");
    assertThat(json.json().get("pruned").get(0).get("backups")).hasSize(3);
  }

  @Test
  void namesOfTheGuideThatScriptsMadeArePrunedWhenAskedFor() throws IOException {
    makeOneAsTheScriptsDo("daily-20260101", "2026-01-01T02:00:00Z");
    makeOneAsTheScriptsDo("weekly-2026-W01", "2026-01-02T02:00:00Z");
    makeOneAsTheScriptsDo("monthly-2026-01", "2026-01-31T02:00:00Z");
    assertThat(sample.run("list").out())
        .contains("daily-20260101", "weekly-2026-W01", "monthly-2026-01");
    assertThat(sample.run("verify", "--all").exitCode()).isZero();
    assertThat(sample.run("prune", "--keep-monthly", "1", "--yes").out()).contains("Removed 0 ");
    CommandLineRun run =
        sample.run("prune", "--keep-monthly", "1", "--include-unverified", "--yes");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("monthly 2026-01").contains("Removed 2 ");
    assertThat(sample.backups().resolve("monthly-2026-01")).exists();
    assertThat(sample.backups().resolve("daily-20260101")).doesNotExist();
  }

  @Test
  void whatIsPinnedIsNotDeleted() {
    backUp("first", "second");
    assertThat(sample.run("pin", "first").out()).isEqualTo("Backup first is pinned\n");
    assertThat(sample.run("pin", "first").out()).contains("as it was before");
    assertThat(sample.run("show", "first").out()).contains("pinned    since");
    CommandLineRun refused = sample.run("delete", "first", "--yes");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("is pinned").contains("unpin");
    assertThat(sample.run("prune", "--keep-last", "1", "--yes").out())
        .containsPattern("first .* keep +pinned");
    JsonNode pin = sample.run("unpin", "first", "--json").json().get("pin");
    assertThat(pin.get("pinned").asBoolean()).isFalse();
    assertThat(pin.get("changed").asBoolean()).isTrue();
    assertThat(sample.run("delete", "first", "--yes").exitCode()).isZero();
    assertThat(sample.run("pin", "first").exitCode()).isEqualTo(4);
  }

  /** It waits for the time in which two that began together get out of each other's way. */
  @Test
  @Tag("services")
  void aRunThatFindsAnActiveLockEndsWithSix() throws IOException {
    backUp("first", "second");
    writeLockOfAnotherHost();
    CommandLineRun run = sample.run("prune", "--keep-last", "1", "--yes", "--lock-timeout", "0s");
    assertThat(run.exitCode()).as(run.text()).isEqualTo(6);
    assertThat(run.err()).contains("process 7 on elsewhere").contains("unlock");
    assertThat(sample.backups().resolve("first")).exists();
  }

  @Test
  void anActiveLockIsShownAndRemovedWhenAgreed() throws IOException {
    backUp("first");
    Path lock = writeLockOfAnotherHost();
    CommandLineRun look = sample.run("unlock");
    assertThat(look.exitCode()).isZero();
    assertThat(look.out()).contains("Active: prune by process 7 on elsewhere");
    assertThat(sample.run("unlock", "--force").exitCode()).isEqualTo(2);
    assertThat(lock).exists();
    JsonNode removed =
        sample.run("unlock", "--force", "--yes", "--json").json().get("locks").get("removed");
    assertThat(removed).hasSize(1);
    assertThat(lock).doesNotExist();
    assertThat(sample.run("unlock").out()).isEqualTo("No locks.\n");
  }

  @Test
  void aLockOfLongAgoIsTakenOver() throws IOException {
    backUp("first", "second");
    Path lock = writeLockOfAnotherHost();
    Files.setLastModifiedTime(lock, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    CommandLineRun run = sample.run("prune", "--keep-last", "1", "--yes", "--lock-timeout", "0s");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.err()).contains("took over from prune by process 7 on elsewhere");
    assertThat(lock).doesNotExist();
  }

  @Test
  void theCopyOfAnInstallationDoesNotPruneTheBackupsOfTheOther() throws IOException {
    backUp("of-production");
    SampleHome staging = new SampleHome(temp.resolve("staging"));
    try (Stream<Path> all = Files.walk(sample.home())) {
      for (Path path : all.filter(p -> !p.startsWith(sample.backups())).toList()) {
        Files.copy(path, staging.home().resolve(sample.home().relativize(path)));
      }
    }
    String target = sample.backups().toString();

    CommandLineRun first = staging.runOnStorage("backup", "of-staging-1", "--target", target);
    CommandLineRun second = staging.runOnStorage("backup", "of-staging-2", "--target", target);
    CommandLineRun prune = staging.run("prune", "--keep-last", "1", "--yes", "--target", target);

    assertThat(first.text()).contains("installation-copied").contains(sample.home().toString());
    assertThat(second.text()).doesNotContain("installation-copied");
    assertThat(prune.exitCode()).as(prune.text()).isZero();
    assertThat(sample.backups().resolve("of-production")).exists();
    assertThat(sample.backups().resolve("of-staging-1")).doesNotExist();
    assertThat(sample.backups().resolve("of-staging-2")).exists();
  }

  /** As docs/format.md has it. */
  private Path writeLockOfAnotherHost() throws IOException {
    String id =
        Files.readString(sample.home().resolve(".openmemory-backup/installation-id")).strip();
    String prefix = sha256(id).substring(0, 16);
    return Files.writeString(
        sample.backups().resolve("run-lock_" + prefix + "_x.json"),
        """
        {"installationId": "ID", "work": "prune", "owner": {"host": "elsewhere", "machine": "m",
         "boot": "b", "pid": 7, "processStart": "", "since": "2026-01-01T00:00:00Z"}}
        """
            .replace("ID", id));
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void backUp(String... names) {
    for (String name : names) {
      sample.backUp(name);
    }
  }

  private void makeOneAsTheScriptsDo(String name, String time) throws IOException {
    Path folder = Files.createDirectories(sample.backups().resolve(name));
    Files.copy(sample.database(), folder.resolve("openmemory.db"));
    Files.copy(sample.config(), folder.resolve("config.json"));
    for (String file : new String[] {"openmemory.db", "config.json"}) {
      Files.setLastModifiedTime(folder.resolve(file), FileTime.from(Instant.parse(time)));
    }
  }
}
