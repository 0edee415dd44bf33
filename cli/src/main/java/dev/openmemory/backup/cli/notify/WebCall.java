package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.internal.text.UriHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Calls of web services of which only the status counts. The address may be a secret, so nothing
 * that comes back from here repeats it. Used by one thread.
 */
public final class WebCall {
  private static final Trouble UNKNOWN_HOST = new Trouble("the host is not known", true);
  private static final int TOO_MANY_REQUESTS = 429;

  private final HttpClient client;

  /**
   * A client.
   *
   * @param redirects whether the answer may name another address
   */
  public WebCall(Redirect redirects, Duration connectTimeout) {
    this.client =
        HttpClient.newBuilder().followRedirects(redirects).connectTimeout(connectTimeout).build();
  }

  /**
   * Sends one request.
   *
   * @param form sets method, headers and body
   * @param longest from connecting to the status of the answer; the rest of it is not read
   * @return empty for a status of 2xx. An interrupt ends the call, and its flag stays set
   */
  public Optional<Trouble> send(URI address, Consumer<HttpRequest.Builder> form, Duration longest) {
    CompletableFuture<HttpResponse<InputStream>> answer;
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(UriHost.connectable(address));
      form.accept(request);
      answer = client.sendAsync(request.build(), BodyHandlers.ofInputStream());
    } catch (UnknownHostException e) {
      return Optional.of(UNKNOWN_HOST);
    }
    try {
      HttpResponse<InputStream> response = answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      drop(response.body());
      return trouble(response.statusCode());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(Trouble.STOPPED);
    } catch (TimeoutException e) {
      return Optional.of(new Trouble("no answer within " + longest.toSeconds() + " s", true));
    } catch (ExecutionException e) {
      return Optional.of(trouble(e));
    } finally {
      answer.cancel(true);
    }
  }

  /** An answer can be endless. */
  private static void drop(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // The status has arrived, and nothing else is asked for.
      return;
    }
  }

  private static Optional<Trouble> trouble(int status) {
    return switch (status / 100) {
      case 2 -> Optional.empty();
      case 3 -> Optional.of(new Trouble("status " + status + ", a redirect", false));
      case 5 -> Optional.of(new Trouble("status " + status, true));
      default -> Optional.of(new Trouble("status " + status, status == TOO_MANY_REQUESTS));
    };
  }

  /** In words of our own: messages of the client may repeat the address. */
  private static Trouble trouble(ExecutionException failure) {
    String name = "";
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return UNKNOWN_HOST;
      }
      name = cause.getClass().getSimpleName();
    }
    return new Trouble("no connection (" + name + ")", true);
  }
}
