package dev.openmemory.backup.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.LocalServer;
import dev.openmemory.backup.cli.notify.Delivery.Outcome;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Services as they are, and as they should not be. */
class DeliveryTest {
  private static final String TEXT = "It failed:\n\"disk <full>\" & \\ \u00fc";
  private static final Notice NOTICE =
      new Notice(
          Occasion.FAILURE,
          "Backup failed: caf\u00e9",
          TEXT,
          Map.of("name", "caf\u00e9", "lastSuccess", "2026-01-01T02:00:00Z", "exitCode", 1));

  private final Cancellation cancellation = new Cancellation();

  private Outcome send(Way way) {
    return send(way, Duration.ofSeconds(30));
  }

  private Outcome send(Way way, Duration longest) {
    Outcome outcome =
        new Delivery(List.of(way), cancellation, longest, Duration.ofMillis(1)).send(NOTICE).get(0);
    assertThat(outcome.warning() + outcome + way).doesNotContain(LocalServer.SECRET);
    return outcome;
  }

  private static Way slack(LocalServer server) {
    return HttpWay.slack(URI.create(server.url()));
  }

  private static JsonNode body(LocalServer server) {
    String request = server.requests().get(0);
    return JsonMapper.builder().build().readTree(request.split(" ", 3)[2]);
  }

  @Test
  void slackGetsOneTextWithoutMarkup() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      assertThat(send(slack(server)).arrived()).isTrue();
      assertThat(server.requests()).hasSize(1).first().asString().startsWith("POST /");
      assertThat(body(server).get("text").asString())
          .isEqualTo("Backup failed: caf\u00e9\nIt failed:\n\"disk &lt;full&gt;\" &amp; \\ \u00fc");
      assertThat(body(server)).hasSize(1);
    }
  }

  @Test
  void ntfyGetsTheTextAndHeaders() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      send(HttpWay.ntfy(URI.create(server.endpoint() + "/topic"), Optional.of("tk_1")));
      assertThat(server.requests()).containsExactly("POST /topic " + TEXT);
      var headers = server.headers().get(0);
      String title = String.valueOf(headers.getFirst("Title"));
      assertThat(title).startsWith("=?UTF-8?B?").endsWith("?=");
      byte[] decoded = Base64.getDecoder().decode(title.substring(10, title.length() - 2));
      assertThat(decoded).asString(StandardCharsets.UTF_8).isEqualTo(NOTICE.title());
      assertThat(headers.getFirst("Priority")).isEqualTo("high");
      assertThat(headers.getFirst("Tags")).isEqualTo("rotating_light");
      assertThat(headers.getFirst("Authorization")).isEqualTo("Bearer tk_1");
    }
  }

  @Test
  void aWebhookGetsAllFacts() throws IOException {
    try (LocalServer server = LocalServer.answering(204)) {
      send(
          HttpWay.webhook(
              URI.create(server.url()),
              WebhookBody.STANDARD,
              Map.of("X-Key", "k", "Content-Type", "text/x")));
      assertThat(body(server).get("event").asString()).isEqualTo("failure");
      assertThat(body(server).get("text").asString()).isEqualTo(TEXT);
      assertThat(body(server).get("exitCode").asInt()).isEqualTo(1);
      assertThat(server.headers().get(0).get("X-Key")).containsExactly("k");
      assertThat(server.headers().get(0).get("Content-Type")).containsExactly("text/x");
    }
  }

  @Test
  void valuesInATemplateStayPartsOfItsTexts() throws Exception {
    String template =
        "{\"content\": \"{title}: {text} {last-success}{error}\", \"n\": {\"{event}\": 1}}";
    try (LocalServer server = LocalServer.answering(200)) {
      send(HttpWay.webhook(URI.create(server.url()), body(template), Map.of()));
      assertThat(body(server).get("content").asString())
          .isEqualTo(NOTICE.title() + ": " + TEXT + " 2026-01-01T02:00:00Z");
      assertThat(body(server).at("/n/failure").asInt()).isEqualTo(1);
    }
  }

  private static WebhookBody body(String template) throws IOException {
    return WebhookBody.of(new Value(template, "there"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": {title}}| outside quotation marks",
        "{\"a\": \"{titel}\"}| did you mean title?",
        "{\"a\": \"{nonsense}\"}| known are event, title",
        "[\"{title}\"]| not a JSON object",
        "{title}| not a JSON object"
      })
  void aTemplateThatCannotWorkIsRefused(String template, String why) {
    assertThatThrownBy(() -> body(template))
        .hasMessageContaining(why)
        .hasMessageContaining(Setting.NOTIFY_WEBHOOK_BODY.key());
  }

  @ParameterizedTest
  @CsvSource({"500, 3", "503, 3", "429, 3", "404, 1", "401, 1"})
  void aServiceInTroubleIsTriedAgainTwiceAndARefusalIsNot(int status, int tries)
      throws IOException {
    try (LocalServer server = LocalServer.answering(status)) {
      assertThat(send(slack(server)).warning())
          .isEqualTo("the notification by slack to 127.0.0.1 failed: status " + status);
      assertThat(server.requests()).hasSize(tries);
    }
  }

  @Test
  void aServiceThatRecoversGetsItOnce() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (LocalServer server =
        LocalServer.answering(
            exchange -> {
              exchange.sendResponseHeaders(calls.incrementAndGet() == 1 ? 502 : 200, -1);
              exchange.close();
            })) {
      assertThat(send(slack(server)).arrived()).isTrue();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void aRedirectIsNotFollowed(int status) throws IOException {
    try (LocalServer other = LocalServer.answering(200);
        LocalServer server =
            LocalServer.answering(
                exchange -> {
                  exchange.getResponseHeaders().add("Location", other.url());
                  exchange.sendResponseHeaders(status, -1);
                  exchange.close();
                })) {
      assertThat(send(slack(server)).trouble()).contains("status " + status + ", a redirect");
      assertThat(server.requests()).hasSize(1);
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void aServiceThatNeverAnswersIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/" + LocalServer.SECRET);
      assertThat(send(HttpWay.slack(url), Duration.ofMillis(20)).trouble())
          .hasValueSatisfying(what -> assertThat(what).contains("no answer within"));
    }
  }

  @Test
  void aConnectionThatIsClosedIsAFailure() throws IOException {
    try (LocalServer server = LocalServer.answering(HttpExchange::close)) {
      assertThat(send(slack(server)).trouble())
          .hasValueSatisfying(what -> assertThat(what).startsWith("no connection"));
    }
  }

  @Test
  void anEndlessAnswerIsNotRead() throws IOException {
    byte[] block = new byte[1 << 16];
    try (LocalServer server =
        LocalServer.answering(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                  out.write(block);
                }
              }
            })) {
      assertThat(send(slack(server)).arrived()).isTrue();
    }
  }

  @Test
  void anInterruptEndsIt() throws IOException {
    Thread caller = Thread.currentThread();
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread signal =
          new Thread(
              () -> {
                try {
                  Socket connection = silent.accept();
                  cancellation.cancel();
                  caller.interrupt();
                  connection.close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      signal.start();
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/x");
      List<Outcome> outcomes =
          new Delivery(
                  List.of(HttpWay.slack(url), HttpWay.slack(url)),
                  cancellation,
                  Duration.ofMinutes(4),
                  Duration.ofMinutes(4))
              .send(NOTICE);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(outcomes)
          .extracting(Outcome::trouble)
          .containsOnly(Optional.of("stopped on request"));
    }
  }

  @Test
  void aWayThatFailsDoesNotKeepTheOthersFromIt() throws IOException {
    try (LocalServer server = LocalServer.answering(200)) {
      Way broken =
          new Way() {
            @Override
            public String name() {
              return "broken";
            }

            @Override
            public String host() {
              return "there";
            }

            @Override
            public Optional<Trouble> send(Notice notice, Duration longest) {
              throw new IllegalStateException(LocalServer.SECRET);
            }
          };
      List<Outcome> outcomes =
          Delivery.of(List.of(broken, slack(server)), cancellation).send(NOTICE);
      assertThat(outcomes).extracting(Outcome::arrived).containsExactly(false, true);
      assertThat(outcomes.get(0).warning())
          .contains("IllegalStateException")
          .doesNotContain(LocalServer.SECRET);
    }
  }
}
