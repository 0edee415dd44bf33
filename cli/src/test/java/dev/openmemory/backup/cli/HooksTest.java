package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.advice.HookAdvice;
import dev.openmemory.backup.cli.hook.CommandHook;
import dev.openmemory.backup.cli.hook.HookSettings;
import dev.openmemory.backup.cli.hook.RunFacts;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.cli.terminal.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HooksTest {
  @TempDir Path temp;
  private SampleHome sample;

  @BeforeEach
  void make() throws IOException {
    sample = SampleHome.in(temp.resolve("open 'memory' $HOME é"));
  }

  private CommandLineRun backUp(Surroundings surroundings, String... more) {
    return surroundings.run(sample.onStorage(SampleHome.with(more, "backup", "first")));
  }

  private static Surroundings with(Setting setting, Object value) {
    return new Surroundings().with(setting.variable(), value);
  }

  @Test
  void aHookBeforeThatFailsIsTheEndAndNothingIsMade() {
    CommandLineRun run = backUp(with(Setting.HOOK_BEFORE, "exit 7"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("hook-before")
        .contains("exit code 7")
        .contains("hook-before-failure");
    assertThat(sample.backups()).doesNotExist();
  }

  @Test
  void aHookBeforeMayFailWhereTheSettingsSaySo() {
    CommandLineRun run =
        backUp(
            with(Setting.HOOK_BEFORE, "exit 7")
                .with("OPENMEMORY_BACKUP_HOOK_BEFORE_FAILURE", "warn"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("warning: hook-before");
    assertThat(sample.backups().resolve("first/manifest.json")).exists();
  }

  @Test
  void theHookAfterGetsTheOutcome() throws IOException {
    Files.writeString(
        sample.home().resolve("openmemory-backup.yaml"),
        """
        hook-before: 'echo "$OMB_EVENT $OMB_COMMAND $OMB_NAME" > before; ls first 2>/dev/null || true'
        hook-after: 'env | grep ^OMB_ > after'
        """);

    assertThat(backUp(new Surroundings()).exitCode()).isEqualTo(3);

    assertThat(sample.home().resolve("before")).hasContent("before backup ");
    assertThat(Files.readAllLines(sample.home().resolve("after")))
        .contains(
            "OMB_EVENT=after",
            "OMB_COMMAND=backup",
            "OMB_NAME=first",
            "OMB_OUTCOME=warnings",
            "OMB_EXIT_CODE=3")
        .anyMatch(line -> line.matches("OMB_LOCATION=file:.*/backups/first"))
        .anyMatch(line -> line.matches("OMB_STORED_BYTES=[1-9][0-9]+"))
        .anyMatch(line -> line.matches("OMB_WARNINGS=[1-9]"));
  }

  @Test
  void theHookAfterGetsAFailureAndACancellationToo() throws IOException {
    sample.backUp("first");
    String hook = "echo \"$OMB_OUTCOME $OMB_EXIT_CODE $OMB_NAME\" >> after";

    assertThat(backUp(with(Setting.HOOK_AFTER, hook)).exitCode()).isEqualTo(1);
    assertThat(backUp(with(Setting.HOOK_AFTER, hook).cancelled()).exitCode()).isEqualTo(130);

    assertThat(Files.readAllLines(sample.home().resolve("after")))
        .containsExactly("failed 1 first", "cancelled 130 ");
  }

  @Test
  void aHookAfterThatFailsIsAWarningOrAFailureAsTheSettingsSay() {
    CommandLineRun warned = backUp(with(Setting.HOOK_AFTER, "exit 9"), "--json");
    assertThat(warned.exitCode()).isEqualTo(3);
    assertThat(warned.err()).contains("hook-after").contains("exit code 9");
    assertThat(warned.json().has("backup")).isTrue();

    CommandLineRun failed =
        new Surroundings()
            .with(Setting.HOOK_AFTER.variable(), "exit 9")
            .with(Setting.HOOK_AFTER_FAILURE.variable(), "fail")
            .run(sample.onStorage("backup", "second"));
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(sample.backups().resolve("second/manifest.json")).exists();
  }

  @Test
  void whatANestedRunReadsIsNotTouchedAndTheAddressesOfServicesAreNotPassedOn() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      backUp(
          with(Setting.HOOK_AFTER, "env > after")
              .with(Setting.PING_URL.variable(), server.url())
              .with(Setting.NOTIFY_SLACK_URL.variable(), server.url()));
    }
    assertThat(Files.readString(sample.home().resolve("after")))
        .contains("OMB_EVENT=after")
        .doesNotContain(LocalServer.SECRET);
    assertThat(Settings.unknownVariables(new RunFacts("backup").variables("before"))).isEmpty();
  }

  @Test
  void aHookThatTakesTooLongIsKilledWithAllThatItStarted() throws Exception {
    assertKills(
        Kind.TIMEOUT,
        (process, timeout) -> {
          awaitFamily();
          return false;
        });
    Failure failure =
        Failure.of(new BackupException(Kind.TIMEOUT, HookAdvice.BEFORE, "a test", "did not end"));
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(failure.hint()).contains("hook-timeout");
  }

  @Test
  void anInterruptKillsItToo() throws Exception {
    assertKills(
        Kind.CANCELLED,
        (process, timeout) -> {
          awaitFamily();
          Thread.currentThread().interrupt();
          return CommandHook.ProcessWait.REAL.await(process, timeout);
        });
  }

  @Test
  void howLongAHookMayTakeIsASetting() throws Exception {
    CommandHook hook = new CommandHook(CommandHook.AFTER, "sleep 600", "a test");
    assertThatThrownBy(() -> hook.run(sample.home(), Map.of(), Duration.ofMillis(1)))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("did not end within 0 s and was killed");
    Session session = new Session(Host.ofThisProcess(new Cancellation()));
    session.use(Settings.of(Map.of(Setting.HOOK_TIMEOUT.variable(), "2m")));
    assertThat(new HookSettings(session).timeout()).isEqualTo(Duration.ofMinutes(2));
  }

  /** A hook with a child and a grandchild is stopped once both are there. */
  private void assertKills(Kind kind, CommandHook.ProcessWait wait) throws Exception {
    String command =
        "sh -c 'sleep 600 & echo $! > grandchild; wait' & echo $! > child; wait; touch on";
    CommandHook hook = new CommandHook(HookAdvice.BEFORE, command, "a test");
    assertThatThrownBy(() -> hook.run(sample.home(), Map.of(), Duration.ofMinutes(10), wait))
        .isInstanceOfSatisfying(BackupException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    assertThat(Thread.interrupted()).as("the flag is left set").isEqualTo(kind == Kind.CANCELLED);
    assertEnds("child");
    assertEnds("grandchild");
    assertThat(sample.home().resolve("on")).doesNotExist();
  }

  private void awaitFamily() {
    while (!isWritten("child") || !isWritten("grandchild")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void settingsWithoutMeaningAreRefusedBeforeAnythingIsDone() {
    for (Surroundings surroundings :
        List.of(
            with(Setting.HOOK_TIMEOUT, "soon"),
            with(Setting.HOOK_TIMEOUT, "0s"),
            with(Setting.HOOK_AFTER_FAILURE, "maybe"),
            with(Setting.PING_METHOD, "PATCH"),
            with(Setting.PING_URL, "ftp://example.org/" + LocalServer.SECRET),
            with(Setting.PING_URL, "http://exa mple/" + LocalServer.SECRET),
            with(Setting.PING_URL_FILE, temp.resolve("absent")))) {
      CommandLineRun run = backUp(surroundings, "-v");
      assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
      assertThat(run.err()).contains("OPENMEMORY_BACKUP_").doesNotContain(LocalServer.SECRET);
      assertThat(sample.backups()).doesNotExist();
    }
  }

  private boolean isWritten(String name) {
    try {
      Path file = sample.home().resolve(name);
      return Files.exists(file) && Files.readString(file).endsWith("\n");
    } catch (IOException e) {
      return false;
    }
  }

  private void assertEnds(String name) throws Exception {
    long pid = Long.parseLong(Files.readString(sample.home().resolve(name)).strip());
    var process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      process.get().onExit().get(30, TimeUnit.SECONDS);
    }
  }
}
