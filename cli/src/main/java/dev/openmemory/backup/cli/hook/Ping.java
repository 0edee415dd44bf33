package dev.openmemory.backup.cli.hook;

import dev.openmemory.backup.internal.text.UriHost;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reports a run to a monitoring service. The address is a secret: with it anyone can tell the
 * service anything. Only its host is ever shown.
 *
 * <p>Never fails: what went wrong is returned for a warning.
 */
final class Ping {
  private static final String UNKNOWN_HOST = "the host is not known";

  private final URI address;
  private final boolean post;
  private final Duration timeout;

  /**
   * A ping to the address.
   *
   * @param post rather than get
   * @param timeout of one attempt, from connecting to the end of the answer
   */
  Ping(URI address, boolean post, Duration timeout) {
    this.address = address;
    this.post = post;
    this.timeout = timeout;
  }

  /** The states of a run, and what is put behind the path of the address. */
  enum Event {
    START("/start"),
    SUCCESS(""),
    FAIL("/fail");

    private final String suffix;

    Event(String suffix) {
      this.suffix = suffix;
    }
  }

  /**
   * Sends it, again when that fails.
   *
   * @param body of a post
   * @param attempts in all
   * @return what went wrong; empty when it arrived
   */
  Optional<String> send(Event event, Map<String, Object> body, int attempts) {
    HttpClient client =
        HttpClient.newBuilder().followRedirects(Redirect.NORMAL).connectTimeout(timeout).build();
    Optional<String> trouble = Optional.empty();
    for (int attempt = 0; attempt < attempts; attempt++) {
      trouble = once(client, event, body);
      if (trouble.isEmpty() || Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    return trouble.map(what -> "the ping to " + host() + " failed: " + what);
  }

  private String host() {
    return UriHost.of(address).orElse("");
  }

  private Optional<String> once(HttpClient client, Event event, Map<String, Object> body) {
    HttpRequest request;
    try {
      request = request(UriHost.connectable(at(event)), body);
    } catch (UnknownHostException e) {
      return Optional.of(UNKNOWN_HOST);
    }
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, BodyHandlers.discarding());
    try {
      int status = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      return status / 100 == 2 ? Optional.empty() : Optional.of("status " + status);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } catch (TimeoutException e) {
      return Optional.of("no answer within " + timeout.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Optional.of(reason(e));
    } finally {
      answer.cancel(true);
    }
  }

  /** In words of our own: messages of the client may repeat the address. */
  private static String reason(ExecutionException failure) {
    String name = "";
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return UNKNOWN_HOST;
      }
      name = cause.getClass().getSimpleName();
    }
    return "no connection (" + name + ")";
  }

  private HttpRequest request(URI place, Map<String, Object> body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(place).timeout(timeout);
    return post
        ? request
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JsonMapper.builder().build().writeValueAsString(body)))
            .build()
        : request.GET().build();
  }

  /** The suffix belongs behind the path, before a query. */
  private URI at(Event event) {
    String path = address.getRawPath().replaceFirst("/+$", "") + event.suffix;
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    return URI.create(address.getScheme() + "://" + address.getRawAuthority() + path + query);
  }

  @Override
  public String toString() {
    return "ping to " + host();
  }
}
