package dev.openmemory.backup.cli.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.LocalServer;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.hook.Ping.Event;
import dev.openmemory.backup.cli.settings.Setting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PingTest extends SampleTest {
  private static final String PATH = "/" + LocalServer.SECRET;

  private CommandLineRun backUp(String url, String... more) {
    return with(url).run(sample.onStorage(SampleHome.with(more, "backup", "first")));
  }

  private static Surroundings with(String url) {
    return new Surroundings().with(Setting.PING_URL.variable(), url);
  }

  @Test
  void theServiceGetsTheStartAndTheSuccess() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      assertThat(backUp(server.url() + "/?rid=1").exitCode()).isEqualTo(3);
      assertThat(server.requests())
          .containsExactly("GET " + PATH + "/start?rid=1 ", "GET " + PATH + "?rid=1 ");
    }
  }

  @Test
  void theServiceGetsAFailure() throws IOException {
    sample.backUp("first");
    try (LocalServer server = LocalServer.answering(200)) {
      assertThat(backUp(server.url()).exitCode()).isEqualTo(1);
      assertThat(server.requests())
          .containsExactly("GET " + PATH + "/start ", "GET " + PATH + "/fail ");
    }
  }

  @Test
  void aHookBeforeThatFailsIsAFailureToo() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      with(server.url())
          .with(Setting.HOOK_BEFORE.variable(), "false")
          .run(sample.onStorage("backup"));
      assertThat(server.requests()).last().isEqualTo("GET " + PATH + "/fail ");
    }
  }

  @Test
  void aPostSaysMoreButNotWhereTheBackupIs() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      Path file = Files.writeString(temp.resolve("url"), server.url() + "\n");
      new Surroundings()
          .with(Setting.PING_URL_FILE.variable(), file)
          .with(Setting.PING_METHOD.variable(), "post")
          .run(sample.onStorage("backup", "first"));
      assertThat(server.requests()).hasSize(2);
      assertThat(server.requests().get(1))
          .startsWith("POST " + PATH + " {\"event\":\"success\"")
          .contains(
              "\"name\":\"first\"",
              "\"outcome\":\"warnings\"",
              "\"exitCode\":3",
              "\"storedBytes\":")
          .doesNotContain(sample.home().toString());
    }
  }

  @Test
  void aServiceInTroubleIsAWarningAndNothingElse() throws IOException {
    try (LocalServer server = LocalServer.answering(500)) {
      CommandLineRun run = backUp(server.url());
      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.err()).contains("warning: the ping to 127.0.0.1 failed: status 500");
      assertThat(server.requests()).as("each is tried twice").hasSize(4);
    }
    assertThat(sample.backups().resolve("first/manifest.json")).exists();
  }

  @Test
  void aServerThatDoesNotAnswerIsAWarning() {
    CommandLineRun run = backUp("http://127.0.0.1:1" + PATH);
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("warning: the ping to 127.0.0.1 failed: no connection");
  }

  @Test
  void aServiceThatNeverAnswersIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + PATH);
      assertThat(new Ping(url, false, Duration.ofMillis(20)).send(Event.START, Map.of(), 2))
          .hasValueSatisfying(
              said -> assertThat(said).contains("127.0.0.1").doesNotContain(LocalServer.SECRET));
    }
  }

  @Test
  void theAddressIsInNoOutput() throws IOException {
    for (int status : new int[] {200, 404, 500}) {
      try (LocalServer server = LocalServer.answering(status)) {
        assertNoSecretIn(server.url());
      }
    }
    // Too long a name for DNS, so that no server is asked.
    assertNoSecretIn("http://" + "h".repeat(64) + ".invalid" + PATH);
    assertNoSecretIn("http://127.0.0.1:1" + PATH);
    assertNoSecretIn("nonsense" + PATH);
  }

  private void assertNoSecretIn(String url) {
    for (String how : new String[] {"-v", "--json"}) {
      assertThat(backUp(url, how).text()).doesNotContain(LocalServer.SECRET);
    }
    assertThat(with(url).run(sample.here("schedule", "print", "--cron")).text())
        .contains("OPENMEMORY_BACKUP_PING_URL is set here")
        .doesNotContain(LocalServer.SECRET);
  }
}
