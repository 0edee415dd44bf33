package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.parallel.DaemonThreads;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a server and waits for the answers, not longer than asked and not longer than
 * wanted.
 *
 * <p>The threads that do the work end with it. On Java 17 the client of the JDK cannot be closed:
 * its selector's thread ends when the client is no longer referenced, its idle connections when the
 * server closes them, after 5 s.
 */
final class Transport implements Closeable {
  private static final long LOOK_MILLIS = 25;
  private static final int MOST_CONNECTS = 4;
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final int LONGEST_ERROR_BYTES = 8192;

  private final Address address;
  private final Optional<ApiKey> key;
  private final Timings timings;
  private final Cancellation cancellation;
  private final LongSupplier nanoClock;
  private final Waiter waiter;
  private final DaemonThreads threads = new DaemonThreads("openmemory-backup-qdrant");
  private final HttpClient shared;

  Transport(
      Address address,
      Optional<ApiKey> key,
      Timings timings,
      Cancellation cancellation,
      Waiter waiter,
      LongSupplier nanoClock) {
    this.address = address;
    this.key = key;
    this.timings = timings;
    this.cancellation = cancellation;
    this.nanoClock = nanoClock;
    this.waiter = waiter;
    this.shared = newClient();
  }

  private HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(Version.HTTP_1_1)
        .followRedirects(Redirect.NEVER)
        .connectTimeout(timings.connect())
        .executor(threads)
        .build();
  }

  String location() {
    return address.base();
  }

  Timings timings() {
    return timings;
  }

  /** Lets the duration pass, or ends when that is asked for. */
  void pause(Duration duration) throws BackupException {
    for (Duration left = duration; left.compareTo(Duration.ZERO) > 0; left = left.minus(LOOK)) {
      cancellation.check();
      try {
        waiter.await(shorter(left, LOOK));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    cancellation.check();
  }

  Deadline deadline(Duration wait) {
    return new Deadline(nanoClock, wait);
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /**
   * The successful answer to a request that changes nothing. It is sent again when its connection
   * fails, as one does that the server closed while it was idle, and while a shard is replaced.
   */
  Answer read(Request request) throws BackupException {
    Deadline restored = deadline(timings.restored());
    Duration wait = FIRST_PAUSE;
    for (int lost = 1; ; wait = shorter(wait.multipliedBy(2), Duration.ofSeconds(1))) {
      try {
        return once(request, deadline(timings.answer()), shared).expectSuccess();
      } catch (NoAnswer e) {
        if (e.kind() != Kind.UNAVAILABLE || lost++ >= MOST_CONNECTS) {
          throw e;
        }
      } catch (Refusal e) {
        if (!e.isForNow() || restored.isOver()) {
          throw e;
        }
      }
      pause(wait);
    }
  }

  /** As {@link #read}; empty where the server has no such thing. */
  Optional<Answer> find(Request request) throws BackupException {
    try {
      return Optional.of(read(request));
    } catch (Refusal e) {
      if (!e.is(404)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** As {@link #read}, once; what fails for the moment fails. */
  Answer readOnce(Request request) throws BackupException {
    return once(request, deadline(timings.answer()), shared).expectSuccess();
  }

  /**
   * The successful answer to a request that changes something. It is sent once, on a connection of
   * its own: one that the server closed while it was idle would leave open whether the request
   * arrived.
   */
  Answer change(Request request, Deadline deadline) throws BackupException {
    return once(request, deadline, newClient()).expectSuccess();
  }

  /** As {@link #change}, with a short answer. */
  Answer change(Request request) throws BackupException {
    return change(request, deadline(timings.answer()));
  }

  /** The answer to a request for a long body, which is not read yet; not necessarily a success. */
  HttpResponse<InputStream> open(Request request) throws BackupException {
    cancellation.check();
    return await(
        request,
        shared.sendAsync(http(request), BodyHandlers.ofInputStream()),
        deadline(timings.answer()));
  }

  /** What a response says that is no success; closes it. */
  Refusal refusal(Request request, HttpResponse<InputStream> response) {
    byte[] text;
    try (InputStream body = response.body()) {
      text = body.readNBytes(LONGEST_ERROR_BYTES);
    } catch (IOException e) {
      text = new byte[0];
    }
    return answer(request, response, text).refusal();
  }

  private Answer once(Request request, Deadline deadline, HttpClient client)
      throws BackupException {
    cancellation.check();
    HttpResponse<byte[]> response =
        await(request, client.sendAsync(http(request), BodyHandlers.ofByteArray()), deadline);
    return answer(request, response, response.body());
  }

  private Answer answer(Request request, HttpResponse<?> response, byte[] body) {
    return new Answer(
        request.hiding(key), location(), response.statusCode(), response.headers(), body);
  }

  private HttpRequest http(Request request) throws BackupException {
    HttpRequest.Builder http;
    try {
      http = HttpRequest.newBuilder(address.resolve(request.path()));
    } catch (UnknownHostException e) {
      throw lost(request, e);
    }
    http.method(request.method(), request.body());
    key.ifPresent(secret -> http.header("api-key", secret.secret()));
    request.headers().forEach(http::header);
    return http.build();
  }

  private <T> T await(Request request, Future<T> answer, Deadline deadline) throws BackupException {
    try {
      while (!deadline.isOver()) {
        cancellation.check();
        try {
          return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          // Look again.
        }
      }
      throw new NoAnswer(
          Kind.TIMEOUT, request.operation(), location(), "did not answer in time", true, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure(request.operation(), location(), "stopped on request", e);
    } catch (ExecutionException e) {
      throw lost(request, e.getCause() == null ? e : e.getCause());
    } finally {
      // Of an exchange that is over nothing is left to end.
      answer.cancel(true);
    }
  }

  private BackupException lost(Request request, Throwable cause) {
    String operation = request.operation();
    if (cause instanceof BackupException ours) {
      return ours;
    }
    if (cause instanceof ProtocolException || saysNoHttp(cause)) {
      return Kind.INVALID.failure(operation, location(), "does not answer in HTTP", cause);
    }
    if (cause instanceof SSLException) {
      return Kind.INVALID.failure(
          operation, location(), "no TLS connection: " + text(cause), cause);
    }
    if (cause instanceof ConnectException
        || cause instanceof UnknownHostException
        || cause instanceof HttpConnectTimeoutException) {
      return new NoAnswer(
          Kind.UNAVAILABLE,
          operation,
          location(),
          "cannot be reached: " + why(cause),
          false,
          cause);
    }
    return new NoAnswer(
        Kind.UNAVAILABLE, operation, location(), "connection lost: " + text(cause), true, cause);
  }

  // The client of the JDK has no type for it.
  private static boolean saysNoHttp(Throwable cause) {
    return text(cause).startsWith("Invalid status line");
  }

  private static String why(Throwable cause) {
    for (Throwable below = cause; below != null; below = below.getCause()) {
      if (below instanceof UnresolvedAddressException || below instanceof UnknownHostException) {
        return "no address is known for its name";
      }
    }
    return cause instanceof HttpConnectTimeoutException ? "no answer in time" : text(cause);
  }

  private static String text(Throwable cause) {
    for (Throwable below = cause; below != null; below = below.getCause()) {
      @Nullable String message = below.getMessage();
      if (message != null) {
        return message;
      }
    }
    return cause.getClass().getSimpleName();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public void close() {
    threads.close();
  }
}
