package dev.openmemory.backup.internal.embedding;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.qdrant.server.ApiKey;
import dev.openmemory.backup.testkit.embedding.EmbedderDouble;
import dev.openmemory.backup.testkit.embedding.EmbedderDouble.Reply;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An embedder that is busy, silent or stopped, over HTTP and with a clock of its own. */
class EmbedderTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-12-01T08:00:00Z"), ZoneOffset.UTC);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String KEY = "sk-canary-7431";

  private final List<Duration> pauses = new ArrayList<>();
  private final Cancellation cancellation = new Cancellation();
  private EmbedderDouble server;

  @BeforeEach
  void start() throws IOException {
    server = EmbedderDouble.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<List<Float>> ask(Duration patience, OptionalInt dimensions, String... texts)
      throws BackupException {
    EmbedderSettings settings =
        new EmbedderSettings(
            Provider.OPENAI,
            "model-1",
            server.uri() + "/v1",
            dimensions,
            Optional.of(ApiKey.of(KEY, "test")));
    assertThat(settings.toString()).doesNotContain(KEY);
    Embedder.Pace pace = new Embedder.Pace(patience, pauses::add, CLOCK);
    try (Embedder embedder = new Embedder(settings, pace, cancellation)) {
      return embedder.vectors(List.of(texts), 4);
    }
  }

  private BackupException refusal() {
    BackupException failure = failureOf(() -> ask(PATIENCE, OptionalInt.empty(), "a text of mine"));
    assertThat(failure.location()).isEqualTo(server.uri() + "/v1");
    assertThat(failure).hasMessageNotContaining(KEY);
    return failure;
  }

  @Test
  void eachTextGetsItsOwnVectorWhateverTheOrderOfTheAnswer() throws Exception {
    assertThat(ask(PATIENCE, OptionalInt.of(4), "one", "two\nlines"))
        .containsExactly(EmbedderDouble.vector("one"), EmbedderDouble.vector("two lines"));
    assertThat(server.questions())
        .singleElement()
        .satisfies(q -> assertThat(q.path()).isEqualTo("/v1/embeddings"))
        .satisfies(q -> assertThat(q.authorization()).isEqualTo("Bearer " + KEY))
        .satisfies(q -> assertThat(q.body()).contains("\"dimensions\":4"));
  }

  @Test
  void aBusyEmbedderIsAskedAgainAfterThePauseThatItWants() throws Exception {
    server.once(new Reply(429, Map.of("Retry-After", "7"), ""));
    server.once(new Reply(503, Map.of("Retry-After", "Tue, 1 Dec 2026 08:00:30 GMT"), ""));
    assertThat(ask(PATIENCE, OptionalInt.empty(), "one")).hasSize(1);
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(30));
  }

  @Test
  void anEmbedderThatStaysBusyIsAskedSixTimes() {
    server.always(Reply.of(500, "no memory for " + KEY));
    assertThat(refusal())
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("status 500: no memory for ***; the model is model-1");
    assertThat(server.questions()).hasSize(6);
    assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L);
  }

  @Test
  void aPauseOfAnHourIsNotWaitedFor() {
    server.always(new Reply(429, Map.of("Retry-After", "3600"), ""));
    assertThat(refusal().kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(pauses).isEmpty();
  }

  @Test
  void aSilentEmbedderIsNotWaitedForLongerThanWanted() {
    server.always(Reply.SILENCE);
    BackupException failure =
        failureOf(() -> ask(Duration.ofMillis(50), OptionalInt.empty(), "one"));
    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void theWaitForAnAnswerEndsOnRequest() {
    server.always(Reply.SILENCE);
    cancellation.cancel();
    assertThat(failureOf(() -> ask(PATIENCE, OptionalInt.empty(), "one")).kind())
        .isEqualTo(Kind.CANCELLED);
  }

  @Test
  void anInterruptEndsTheWaitAndStays() {
    server.always(Reply.SILENCE);
    Thread.currentThread().interrupt();
    BackupException failure = failureOf(() -> ask(PATIENCE, OptionalInt.empty(), "one"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
  }

  @Test
  void anAnswerWithoutAnEndIsNotReadToMemory() {
    server.always(Reply.ENDLESS);
    assertThat(refusal())
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
        .hasMessageContaining("more than 16 MiB");
    assertThat(server.questions()).hasSize(1);
  }

  @Test
  void aRefusalOfTheKeyRepeatsNothingOfIt() {
    server.always(Reply.of(401, "wrong key sk-canary-****"));
    assertThat(refusal())
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
        .hasMessageNotContaining("canary");
    assertThat(server.questions()).hasSize(1);
  }

  @Test
  void anotherAddressIsNotFollowed() {
    server.always(new Reply(307, Map.of("Location", server.uri() + "/elsewhere"), ""));
    assertThat(refusal().kind()).isEqualTo(Kind.INVALID);
    assertThat(server.questions()).hasSize(1);
  }
}
