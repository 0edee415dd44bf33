package dev.openmemory.backup.cli.hook;

import dev.openmemory.backup.cli.notify.Trouble;
import dev.openmemory.backup.cli.notify.WebCall;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.text.UriHost;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Reports a run to a monitoring service. The address is a secret: with it anyone can tell the
 * service anything. Only its host is ever shown.
 *
 * <p>Never fails: what went wrong is returned for a warning.
 */
final class Ping {
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
    WebCall call = new WebCall(Redirect.NORMAL, timeout);
    Optional<Trouble> trouble = Optional.empty();
    for (int attempt = 0; attempt < attempts; attempt++) {
      trouble = call.send(at(event), request -> fill(request, body), timeout);
      if (trouble.isEmpty() || Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    return trouble.map(what -> "the ping to " + host() + " failed: " + what.what());
  }

  private String host() {
    return UriHost.of(address).orElse("");
  }

  private void fill(HttpRequest.Builder request, Map<String, Object> body) {
    if (post) {
      request
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(Json.line(body)));
    }
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
