package dev.openmemory.backup.testkit.embedding;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.openmemory.backup.internal.json.Json;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An embedder on a port of the loopback interface, that speaks as OpenAI and as Ollama do, with
 * vectors of 4 dimensions that depend on the text only. It misbehaves when asked to. Thread-safe.
 */
public final class EmbedderDouble implements Closeable {
  private static final int OK = 200;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Question> questions = new CopyOnWriteArrayList<>();
  private final Queue<Reply> next = new ConcurrentLinkedQueue<>();
  private volatile Reply usual = new Reply(OK, Map.of(), null);

  /**
   * What it was asked.
   *
   * @param authorization empty without that header
   */
  public record Question(
      String path, String authorization, String model, List<String> texts, String body) {}

  /**
   * What it answers.
   *
   * @param status 0 to hang up, -1 to say nothing until the end, -2 for an answer of 64 MiB
   * @param body null for the vectors
   */
  public record Reply(int status, Map<String, String> headers, @Nullable String body) {
    /** Hangs up. */
    public static final Reply HANG_UP = new Reply(0, Map.of(), "");

    /** Says nothing. */
    public static final Reply SILENCE = new Reply(-1, Map.of(), "");

    /** Sends more than any memory should hold. */
    public static final Reply ENDLESS = new Reply(-2, Map.of(), "");

    /** A document instead of the vectors. */
    public static Reply of(int status, String body) {
      return new Reply(status, Map.of(), body);
    }
  }

  private EmbedderDouble(HttpServer server) {
    this.server = server;
  }

  /** Starts one on a free port. */
  public static EmbedderDouble start() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    EmbedderDouble started =
        new EmbedderDouble(HttpServer.create(new InetSocketAddress(here, 0), 0));
    started.server.setExecutor(started.threads);
    started.server.createContext("/", started::answer);
    started.server.start();
    return started;
  }

  /** Where it is, without a path. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers so from now on. */
  public void always(Reply reply) {
    usual = reply;
  }

  /** Answers so once. */
  public void once(Reply reply) {
    next.add(reply);
  }

  /** All that it was asked, in order. */
  public List<Question> questions() {
    return List.copyOf(questions);
  }

  /** The vector of a text; its length is not 1. */
  public static List<Float> vector(String text) {
    float part = (text.hashCode() & 0xffff) / 65536f;
    return List.of(part, 0.5f, 0.25f, 2f);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Question question = question(exchange);
      questions.add(question);
      Reply reply = Objects.requireNonNullElse(next.poll(), usual);
      if (reply.status() == Reply.SILENCE.status()) {
        end.await();
      }
      if (reply.status() == Reply.ENDLESS.status()) {
        exchange.sendResponseHeaders(OK, 0);
        for (int mebibyte = 0; mebibyte < 64; mebibyte++) {
          exchange.getResponseBody().write(new byte[1 << 20]);
        }
      }
      if (reply.status() > 0) {
        String body = reply.body() == null ? vectors(question) : reply.body();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::add);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Question question(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Map<String, @Nullable Object> json = Json.readObject(body, "question");
    List<String> texts = new ArrayList<>();
    if (json.get("input") instanceof List<?> input) {
      input.forEach(text -> texts.add(String.valueOf(text)));
    }
    return new Question(
        exchange.getRequestURI().getPath(),
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), ""),
        String.valueOf(json.get("model")),
        texts,
        new String(body, StandardCharsets.UTF_8));
  }

  /** As OpenAI does, in no order; or as Ollama does. */
  private static String vectors(Question question) {
    if (question.path().endsWith("/api/embed")) {
      return Json.line(
          Map.of("embeddings", question.texts().stream().map(EmbedderDouble::vector).toList()));
    }
    List<Object> data = new ArrayList<>();
    for (int i = question.texts().size() - 1; i >= 0; i--) {
      data.add(Map.of("index", i, "embedding", vector(question.texts().get(i))));
    }
    return Json.line(Map.of("data", data));
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
