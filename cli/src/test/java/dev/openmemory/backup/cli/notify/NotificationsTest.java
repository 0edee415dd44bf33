package dev.openmemory.backup.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.LocalServer;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.settings.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the command line to the service. */
class NotificationsTest extends SampleTest {
  private static final String WAITS = "The next backup begins";

  private Surroundings to(LocalServer server) {
    return new Surroundings()
        .with(Setting.NOTIFY_WEBHOOK_URL.variable(), server.url())
        .with(Setting.NOTIFY_NAME.variable(), "the attic");
  }

  private CommandLineRun backUp(LocalServer server, String... more) {
    return to(server).run(sample.onStorage(SampleHome.with(more, "backup")));
  }

  private Path record() {
    return sample.home().resolve(".openmemory-backup/notifications.json");
  }

  private Path settings() {
    return sample.home().resolve("openmemory-backup.yaml");
  }

  private static JsonNode sent(LocalServer server, int index) {
    String request = server.requests().get(index);
    return JsonMapper.builder().build().readTree(request.split(" ", 3)[2]);
  }

  private static List<String> events(LocalServer server) {
    return server.requests().stream()
        .map(request -> request.replaceAll("(?s).*?\"event\":\"(\\w+)\".*", "$1"))
        .toList();
  }

  @Test
  void aFailureIsSentOnceAndTheFirstSuccessAfterIt() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      assertThat(backUp(server, "first").exitCode()).isEqualTo(3);
      assertThat(server.requests()).as("a success is no news").isEmpty();

      CommandLineRun failed = backUp(server, "first");
      assertThat(failed.exitCode()).isEqualTo(1);
      assertThat(backUp(server, "first").exitCode()).isEqualTo(1);
      assertThat(events(server)).containsExactly("failure");
      assertThat(backUp(server, "second").exitCode()).isEqualTo(3);
      assertThat(backUp(server, "third").exitCode()).isEqualTo(3);
      assertThat(events(server)).containsExactly("failure", "recovery");

      JsonNode failure = sent(server, 0);
      assertThat(failure.get("title").asString()).isEqualTo("Backup failed: the attic");
      assertThat(failure.get("text").asString())
          .contains("OpenMemory in " + sample.home() + " on ")
          .contains(failed.err().lines().filter(l -> l.startsWith("openmemory-backup: ")).toList())
          .contains("No backup was made since 2", "What to do: ");
      assertThat(failure.get("exitCode").asInt()).isEqualTo(1);
      assertThat(failure.get("advice").asString()).contains("Choose another name");
      assertThat(sent(server, 1).get("text").asString())
          .contains("are made again. The newest backup is second, made at ", "failed since ");
    }
  }

  @Test
  void nothingOfTheDataAndNoKeyIsSent() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      sample.backUp("first");
      backUp(server, "first", "-v");
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().get(0))
          .doesNotContain(SampleHome.LITERAL_KEY, SampleHome.ENV_VALUE)
          .doesNotContain("\tat ");
    }
  }

  @Test
  void beforeTheFirstBackupNothingIsWrittenAndEachFailureIsSent() throws IOException {
    Files.delete(sample.database());
    Files.delete(sample.config());
    try (LocalServer server = LocalServer.answering(200)) {
      assertThat(backUp(server).exitCode()).isEqualTo(1);
      assertThat(backUp(server).exitCode()).isEqualTo(1);
      assertThat(events(server)).containsExactly("failure", "failure");
      assertThat(sent(server, 1).get("text").asString()).contains("No backup was made since");
    }
    assertThat(record().getParent()).doesNotExist();
  }

  @Test
  void anOptionThatIsWrongAndARunThatIsCancelledAreNoFailures() throws IOException {
    sample.backUp("first");
    try (LocalServer server = LocalServer.answering(200)) {
      assertThat(backUp(server, "--compression-level", "99").exitCode()).isEqualTo(2);
      CommandLineRun stopped = to(server).cancelled().run(sample.onStorage("backup"));
      assertThat(stopped.exitCode()).isEqualTo(130);
      assertThat(stopped.err()).doesNotContain("notification");
      backUp(server, "second");
      assertThat(server.requests()).as("neither a failure nor the end of one").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 404})
  void aServiceInTroubleIsAWarningAndNothingElse(int status) throws IOException {
    sample.backUp("first");
    try (LocalServer server = LocalServer.answering(status)) {
      CommandLineRun failed = backUp(server, "first");
      assertThat(failed.exitCode()).isEqualTo(1);
      assertThat(failed.err())
          .contains("warning: the notification by webhook to 127.0.0.1 failed: status " + status);
      CommandLineRun made = backUp(server, "second");
      assertThat(made.exitCode()).isEqualTo(3);
      assertThat(made.err()).contains("warning: the notification by webhook");
      assertThat(failed.text() + made.text()).doesNotContain(LocalServer.SECRET);
    }
    try (LocalServer server = LocalServer.answering(200)) {
      backUp(server, "third");
      assertThat(events(server)).as("what was not accepted").containsExactly("recovery");
    }
    assertThat(Files.readString(record())).doesNotContain(LocalServer.SECRET);
  }

  @Test
  void settingsThatCannotBeUsedFailNoBackupAndAreFoundByTheCheck() throws IOException {
    Files.writeString(
        settings(),
        """
        notify-on: [failure, recovry]
        notify-slack-url: https://me:%1$s@hooks.example/x
        notify-ntfy-token-file: %1$s
        notify-webhook-url: gopher://%1$s
        """
            .formatted(LocalServer.SECRET));
    CommandLineRun run = sample.runOnStorage("backup");
    assertThat(run.exitCode()).isEqualTo(3);
    CommandLineRun check = sample.run("config", "check");
    assertThat(check.exitCode()).isEqualTo(2);
    for (String line : List.of("line 1: notify-on has 'recovry'", "line 2: ", "line 4: ")) {
      assertThat(run.err()).contains("warning: no notification: " + settings() + " " + line);
    }
    Files.writeString(temp.resolve("openmemory/" + LocalServer.SECRET), "t");
    assertThat(sample.run("config", "check").out())
        .contains("notify-on has 'recovry'; known are failure, recovery, weekly")
        .contains("a user and a password cannot be in an address")
        .contains("notify-ntfy-token-file needs notify-ntfy-url or notify-ntfy-url-file")
        .contains("the address of notify-webhook-url has to begin with http");
    assertThat(
            run.text() + sample.run("config", "check").text() + sample.run("config", "show").text())
        .doesNotContain("//me:", "gopher:");
  }

  @Test
  void theSummaryOfAWeekIsSentAtTheEndOfARun() throws IOException {
    sample.backUp("first");
    try (LocalServer server = LocalServer.answering(200)) {
      backUp(server, "second");
      Files.writeString(
          record(),
          """
          {"since": "2026-01-01T02:00:00Z", "weekSince": "2026-01-01T02:00:00Z",
           "runs": 7, "successes": 6, "failures": 0}
          """);
      Surroundings weekly = to(server).with(Setting.NOTIFY_ON.variable(), "weekly");
      assertThat(weekly.run(sample.onStorage("backup", "third")).exitCode()).isEqualTo(3);
      assertThat(events(server)).containsExactly("weekly");
      assertThat(sent(server, 0).get("text").asString())
          .contains("from 2026-01-01 02:00:00", "8 runs, 7 succeeded, 1 failed")
          .contains("The newest backup is third, made at ", " KiB.");
      weekly.run(sample.onStorage("backup", "third"));
      assertThat(events(server)).as("failures are not wanted").containsExactly("weekly");
    }
  }

  @Test
  void aRecordThatCannotBeReadIsAWarning() throws IOException {
    sample.backUp("first");
    Files.writeString(record(), "{");
    try (LocalServer server = LocalServer.answering(200)) {
      CommandLineRun run = backUp(server, "first");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("what it recorded about earlier runs is lost");
      assertThat(events(server)).containsExactly("failure");
    }
  }

  private CommandLineRun schedule(Surroundings surroundings) {
    return surroundings
        .cancelledAt(WAITS)
        .run(sample.onStorage("schedule", "run", "--at-start", "--cron", "daily"));
  }

  @Test
  void aScheduleSendsAFailureAndTheNextGoodRunTheEndOfIt() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      Files.createDirectories(record().getParent());
      Files.move(sample.database(), temp.resolve("aside"));
      schedule(to(server));
      assertThat(events(server)).containsExactly("failure");
      Files.move(temp.resolve("aside"), sample.database());
      Files.delete(record().resolveSibling("schedule.json"));
      schedule(to(server));
      assertThat(events(server)).containsExactly("failure", "recovery");
      assertThat(record()).as("each counts once").content().contains("\"runs\" : 2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep-daily: many", "kep-daily: 7", "target: ["})
  void aScheduleWhoseSettingsBreakSendsThat(String broken) throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      String notify = "notify-webhook-url: " + server.url() + "\n";
      Files.writeString(settings(), notify);
      CommandLineRun run =
          schedule(
              new Surroundings().on(" begins.", () -> write(settings(), notify + broken + "\n")));
      assertThat(run.err()).contains("exit code 2");
      assertThat(events(server)).containsExactly("failure");
      assertThat(sent(server, 0).get("text").asString()).contains("openmemory-backup: ");
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aTestMessageGoesEachWayAndEachResultIsShown() throws IOException {
    try (LocalServer good = LocalServer.answering(200);
        LocalServer bad = LocalServer.answering(403)) {
      Path slack = Files.writeString(temp.resolve("slack"), bad.url() + "\n");
      Surroundings surroundings =
          to(good).with(Setting.NOTIFY_NTFY_URL.variable(), good.endpoint() + "/topic");
      CommandLineRun run = surroundings.run(sample.here("notify", "test"));
      assertThat(run.exitCode()).as(run.text()).isZero();
      assertThat(run.out()).isEqualTo("webhook  127.0.0.1  OK\nntfy     127.0.0.1  OK\n");
      assertThat(events(good).get(0)).isEqualTo("test");
      assertThat(good.headers().get(1).getFirst("Title")).isEqualTo("Test: the attic");

      surroundings.with(Setting.NOTIFY_SLACK_URL_FILE.variable(), slack);
      CommandLineRun failed = surroundings.run(sample.here("notify", "test"));
      assertThat(failed.exitCode()).isEqualTo(1);
      assertThat(failed.out()).contains("slack    127.0.0.1  FAILED: status 403");
      JsonNode json = surroundings.run(sample.here("notify", "test", "--json")).json();
      assertThat(json.at("/notifyTest/ok").asBoolean()).isFalse();
      assertThat(json.at("/notifyTest/ways/2/problem").asString()).isEqualTo("status 403");

      surroundings.with(Setting.NOTIFY_SLACK_URL_FILE.variable(), temp.resolve("absent"));
      CommandLineRun unusable = surroundings.run(sample.here("notify", "test"));
      assertThat(unusable.exitCode()).isEqualTo(1);
      assertThat(unusable.out()).contains("not used: OPENMEMORY_BACKUP_NOTIFY_SLACK_URL_FILE: the");
      assertThat(run.text() + failed.text() + json).doesNotContain(LocalServer.SECRET);
    }
    CommandLineRun none = sample.run("notify", "test");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("No notifications are set up.");
  }

  @Test
  void aHeaderOfAFileIsSentAndOneThatCannotBeIsRefusedWithoutItsValue() throws IOException {
    Path headers =
        Files.writeString(temp.resolve("headers"), "\nAuthorization: " + LocalServer.SECRET + "\n");
    try (LocalServer server = LocalServer.answering(200)) {
      Surroundings surroundings =
          to(server).with(Setting.NOTIFY_WEBHOOK_HEADERS_FILE.variable(), headers);
      assertThat(surroundings.run(sample.here("notify", "test")).exitCode()).isZero();
      assertThat(server.headers().get(0).getFirst("Authorization")).isEqualTo(LocalServer.SECRET);
      for (String wrong : List.of("Host: ", "a b: ", "Content-Length: ", "")) {
        Files.writeString(headers, wrong + LocalServer.SECRET);
        CommandLineRun run = surroundings.run(sample.here("notify", "test", "-v"));
        assertThat(run.out()).contains("line 1 of the file is not a header that can be set");
        assertThat(run.text()).doesNotContain(LocalServer.SECRET);
      }
      assertThat(server.requests()).hasSize(1);
    }
  }
}
