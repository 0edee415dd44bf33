package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.internal.watch.CallWatch;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Has every exchange watched, and distinguishes web pages from answers of a store: the parser of
 * the SDK would say something about XML.
 */
final class WatchedHttpClient implements SdkHttpClient {
  /**
   * A store may put the parts together before it answers: "processing of a complete request could
   * take several minutes" (Amazon's reference of CompleteMultipartUpload).
   */
  static final Duration LONGEST_COMPLETE = Duration.ofMinutes(10);

  /** A new connection is cheaper than to wait longer for the end of an answer. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private final SdkHttpClient client;
  private final CallWatch watch;
  private final Duration timeout;
  private final SilenceLimit silenceLimit;
  private final Repetition repetition;

  /** Whether a store, or what is before it, was ever there. */
  private volatile boolean answered;

  WatchedHttpClient(
      SdkHttpClient client, CallWatch watch, Duration timeout, Repetition repetition) {
    this.client = client;
    this.watch = watch;
    this.timeout = timeout;
    this.silenceLimit = new SilenceLimit(timeout);
    this.repetition = repetition;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Exchange(request);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
    watch.close();
  }

  private static boolean isComplete(SdkHttpRequest request) {
    return request.method() == SdkHttpMethod.POST
        && request.rawQueryParameters().containsKey("uploadId");
  }

  private static boolean isObject(SdkHttpRequest request, SdkHttpResponse response) {
    return (request.method() == SdkHttpMethod.GET || isFactsOf(request, response))
        && response.isSuccessful()
        && request.rawQueryParameters().isEmpty();
  }

  /** An object may be a page; what only a store says tells it from the page of a web server. */
  private static boolean isFactsOf(SdkHttpRequest request, SdkHttpResponse response) {
    return request.method() == SdkHttpMethod.HEAD && isOfStore(response);
  }

  private static boolean isOfStore(SdkHttpResponse response) {
    return response.headers().keySet().stream()
        .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-amz-"));
  }

  /** Frameworks give an empty answer the type of a page, too; an empty list is not empty. */
  private static boolean isReceipt(SdkHttpRequest request, SdkHttpResponse response) {
    boolean empty =
        response.statusCode() == 204
            || response.firstMatchingHeader("Content-Length").filter("0"::equals).isPresent();
    return empty && (request.method() != SdkHttpMethod.GET || isOfStore(response));
  }

  private static SocketTimeoutException silence(Duration silence, IOException cause) {
    return timeout("no sign of the store for ", silence, cause);
  }

  private static SocketTimeoutException timeout(String what, Duration time, Exception cause) {
    SocketTimeoutException timedOut = new SocketTimeoutException(what + time.toSeconds() + " s");
    timedOut.initCause(cause);
    return timedOut;
  }

  /** A request, and the body of its answer. */
  private final class Exchange implements ExecutableHttpRequest {
    private final HttpExecuteRequest request;
    private final int step = silenceLimit.step();
    private final Duration longestSilence;
    private final ExecutableHttpRequest exchange;
    private volatile CallWatch.@Nullable Call sending;
    private volatile boolean taken;

    Exchange(HttpExecuteRequest request) {
      this.request = request;
      this.longestSilence = longestSilence(request.httpRequest());
      HttpExecuteRequest.Builder watched =
          HttpExecuteRequest.builder().request(request.httpRequest());
      request
          .contentStreamProvider()
          .ifPresent(body -> watched.contentStreamProvider(new WatchedBody(body)));
      request.metricCollector().ifPresent(watched::metricCollector);
      this.exchange = client.prepareRequest(watched.build());
    }

    private Duration longestSilence(SdkHttpRequest request) {
      if (SilenceLimit.isFor(request)) {
        return silenceLimit.time(step);
      }
      return isComplete(request) && timeout.compareTo(LONGEST_COMPLETE) < 0
          ? LONGEST_COMPLETE
          : timeout;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      try {
        HttpExecuteResponse answer = watchedCall();
        repetition.tell(request.httpRequest(), answer.httpResponse());
        return answer;
      } catch (IOException e) {
        repetition.tell(request.httpRequest(), e);
        throw e;
      }
    }

    private HttpExecuteResponse watchedCall() throws IOException {
      try (CallWatch.Call call = watch.begin(longestSilence, exchange::abort)) {
        sending = call;
        HttpExecuteResponse response = answer(call);
        requireStore(response.httpResponse());
        return HttpExecuteResponse.builder()
            .response(response.httpResponse())
            .responseBody(
                response
                    .responseBody()
                    .map(body -> watched(response.httpResponse(), body))
                    .orElse(null))
            .build();
      } finally {
        sending = null;
      }
    }

    private HttpExecuteResponse answer(CallWatch.Call call) throws IOException {
      try {
        HttpExecuteResponse answer = exchange.call();
        answered = true;
        return answer;
      } catch (ConnectException | UnknownHostException | NoRouteToHostException e) {
        if (answered) {
          throw e;
        }
        throw new NothingThereException(e).forSdk();
      } catch (CancellationException e) {
        throw call.wasSilent()
            ? timeout("no connection to the store became free for ", longestSilence, e)
            : new IOException("the request was ended before it had a connection", e);
      } catch (IOException e) {
        if (!call.wasSilent()) {
          throw e;
        }
        if (taken && SilenceLimit.isFor(request.httpRequest()) && !silenceLimit.wasTooShort(step)) {
          throw new LastTimeoutException(longestSilence).forSdk();
        }
        throw silence(longestSilence, e);
      }
    }

    private void requireStore(SdkHttpResponse response) {
      String type = response.firstMatchingHeader("Content-Type").orElse("");
      // The page of a proxy that cannot reach its store: worth another attempt.
      boolean away = response.statusCode() >= 500;
      if (type.startsWith("text/html")
          && !away
          && !isObject(request.httpRequest(), response)
          && !isReceipt(request.httpRequest(), response)) {
        exchange.abort();
        throw new NotAStoreException(response.statusCode(), "a web page").forSdk();
      }
    }

    private AbortableInputStream watched(SdkHttpResponse response, AbortableInputStream body) {
      boolean object = isObject(request.httpRequest(), response);
      return AbortableInputStream.create(new WatchedAnswer(body, object), body);
    }

    @Override
    public void abort() {
      exchange.abort();
    }

    /** Each byte that the store takes is a sign of life. */
    private final class WatchedBody implements ContentStreamProvider {
      private final ContentStreamProvider body;

      WatchedBody(ContentStreamProvider body) {
        this.body = body;
      }

      @Override
      public InputStream newStream() {
        return new FilterInputStream(body.newStream()) {
          @Override
          public int read() throws IOException {
            progressed();
            int next = super.read();
            taken |= next >= 0;
            return next;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            progressed();
            int count = super.read(bytes, offset, length);
            taken |= count > 0;
            return count;
          }
        };
      }

      private void progressed() {
        CallWatch.Call call = sending;
        if (call != null) {
          call.progressed();
        }
      }
    }

    /** Watched only while it is read: a slow reader is not the store's fault. */
    private final class WatchedAnswer extends BlockFilterInputStream {
      private final boolean object;
      private boolean ended;

      WatchedAnswer(AbortableInputStream body, boolean object) {
        super(body);
        this.object = object;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        try (CallWatch.Call call = watch.begin(longestSilence, exchange::abort)) {
          try {
            int count = in.read(bytes, offset, length);
            ended |= count < 0;
            return count;
          } catch (IOException e) {
            throw call.wasSilent() ? silence(longestSilence, e) : e;
          }
        }
      }

      /**
       * Reads the rest, so that the connection can be used again; not that of an object, which may
       * be large. The SDK closes what it got when it notices an interrupt.
       */
      @Override
      public void close() throws IOException {
        if (object && !ended) {
          exchange.abort();
          return;
        }
        CallWatch.Call call = watch.begin(LONGEST_REST, exchange::abort);
        try {
          in.close();
        } finally {
          call.close();
        }
      }
    }
  }
}
