package dev.openmemory.backup.internal.embedding;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.parallel.DaemonThreads;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.internal.text.UriHost;
import java.io.Closeable;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks an embedder for vectors. Not thread-safe. */
public final class Embedder implements Closeable {
  /** How many texts it is asked at once, at most. */
  public static final int MOST_TEXTS = 64;

  /** Several times what the vectors of that many texts take. */
  private static final int MOST_BYTES = 16 << 20;

  private static final int MOST_RETRIES = 5;
  private static final long LOOK_MILLIS = 25;
  private static final int LONGEST_QUOTE = 300;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final EmbedderSettings settings;
  private final Pace pace;
  private final Cancellation cancellation;
  private final DaemonThreads threads = new DaemonThreads("openmemory-backup-embedder");
  private final HttpClient client;

  /**
   * How time passes.
   *
   * @param answer how long an answer is waited for
   * @param clock compares with the date until which a server asks for a pause
   */
  public record Pace(Duration answer, Waiter waiter, Clock clock) {
    private static final Duration ANSWER = Duration.ofMinutes(2);

    /** For people's embedders; one without a graphics card takes a minute for 64 long texts. */
    public static Pace usual(Cancellation cancellation, Clock clock) {
      return new Pace(ANSWER, Waiter.until(cancellation), clock);
    }
  }

  public Embedder(EmbedderSettings settings, Pace pace, Cancellation cancellation) {
    this.settings = settings;
    this.pace = pace;
    this.cancellation = cancellation;
    this.client =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(CONNECT)
            .executor(threads)
            .build();
  }

  /**
   * A vector for each text, in their order.
   *
   * @param texts at most {@link #MOST_TEXTS}
   * @param dimensions that each vector has to have
   * @throws BackupException of kind {@code DENIED} when the embedder refuses the key, {@code
   *     UNAVAILABLE} or {@code TIMEOUT} when it does not answer, {@code CORRUPT} or {@code
   *     INCONSISTENT} when the answer is not what was asked for
   */
  public List<List<Float>> vectors(List<String> texts, int dimensions) throws BackupException {
    HttpRequest request = request(Json.line(settings.question(texts)));
    for (int retries = 0; ; retries++) {
      HttpResponse<byte[]> response =
          await(client.sendAsync(request, head -> new FirstBytes(MOST_BYTES)));
      if (response.body().length > MOST_BYTES) {
        throw failure(Kind.CORRUPT, "answers with more than " + (MOST_BYTES >> 20) + " MiB");
      }
      if (response.statusCode() == 200) {
        return new EmbedderAnswer(settings, texts.size(), dimensions).vectors(response.body());
      }
      boolean later = response.statusCode() == 429 || response.statusCode() >= 500;
      Duration pause = pause(response, retries);
      if (!later || retries == MOST_RETRIES || pause.compareTo(LONGEST_PAUSE) > 0) {
        throw refusal(response);
      }
      pause(pause);
    }
  }

  private HttpRequest request(String question) throws BackupException {
    HttpRequest.Builder request;
    try {
      URI address = UriHost.connectable(URI.create(settings.base() + settings.provider().path));
      request = HttpRequest.newBuilder(address);
    } catch (UnknownHostException e) {
      throw unreachable(e);
    }
    settings.key().ifPresent(key -> request.header("Authorization", "Bearer " + key.secret()));
    return request
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(question))
        .build();
  }

  private HttpResponse<byte[]> await(Future<HttpResponse<byte[]>> answer) throws BackupException {
    long end = System.nanoTime() + pace.answer().toNanos();
    try {
      while (System.nanoTime() - end < 0) {
        cancellation.check();
        try {
          return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          // Look again.
        }
      }
      throw failure(Kind.TIMEOUT, "did not answer in " + pace.answer().toSeconds() + " s");
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw unreachable(e.getCause() == null ? e : e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private void pause(Duration pause) throws BackupException {
    try {
      pace.waiter().await(pause);
      cancellation.check();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private BackupException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return Kind.CANCELLED.failure(
        EmbedderSettings.OPERATION, settings.base(), "stopped on request", e);
  }

  /** As long as the embedder asks for, or else longer each time. */
  private Duration pause(HttpResponse<?> response, int retries) {
    return response
        .headers()
        .firstValue("Retry-After")
        .flatMap(this::retryAfter)
        .map(asked -> asked.isNegative() ? Duration.ZERO : asked)
        .orElse(FIRST_PAUSE.multipliedBy(1L << retries));
  }

  private Optional<Duration> retryAfter(String text) {
    try {
      return Optional.of(
          text.strip().matches("[0-9]{1,9}")
              ? Duration.ofSeconds(Long.parseLong(text.strip()))
              : Duration.between(
                  pace.clock().instant(),
                  ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private BackupException refusal(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      // Without its words, which may repeat a part of the key.
      return failure(Kind.DENIED, "refuses the key with status " + status);
    }
    if (status >= 300 && status < 400) {
      return failure(Kind.INVALID, "sends to another address, with status " + status);
    }
    boolean busy = status == 429 || status >= 500;
    return failure(
        busy ? Kind.UNAVAILABLE : Kind.INVALID,
        "refused with status "
            + status
            + words(response.body())
            + "; the model is "
            + settings.model());
  }

  private String words(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (settings.key().isPresent()) {
      text = text.replace(settings.key().get().secret(), settings.key().get().toString());
    }
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    String quote = line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "...";
    return quote.isEmpty() ? "" : ": " + quote;
  }

  private BackupException failure(Kind kind, String fact) {
    return kind.failure(EmbedderSettings.OPERATION, settings.base(), fact);
  }

  private BackupException unreachable(Throwable cause) {
    return Kind.UNAVAILABLE.failure(
        EmbedderSettings.OPERATION,
        settings.base(),
        "the embedder cannot be reached, or hung up",
        cause);
  }

  @Override
  public void close() {
    threads.close();
  }
}
