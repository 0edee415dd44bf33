package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.text.UriHost;
import java.net.URI;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A web service that takes a POST. Redirects are not followed: they would take secrets along. */
final class HttpWay implements Way {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final String name;
  private final URI address;
  private final BiConsumer<HttpRequest.Builder, Notice> form;

  private HttpWay(String name, URI address, BiConsumer<HttpRequest.Builder, Notice> form) {
    this.name = name;
    this.address = address;
    this.form = form;
  }

  /** Any service that takes JSON. */
  static HttpWay webhook(URI address, WebhookBody body, Map<String, String> headers) {
    return new HttpWay(
        "webhook",
        address,
        (request, notice) -> {
          post(request, body.text(notice), "application/json");
          headers.forEach(request::setHeader);
        });
  }

  /** A topic of ntfy. */
  static HttpWay ntfy(URI topic, Optional<String> token) {
    return new HttpWay(
        "ntfy",
        topic,
        (request, notice) -> {
          post(request, notice.text(), "text/plain; charset=utf-8");
          request.setHeader("Title", header(notice.title()));
          request.setHeader("Priority", notice.occasion() == Occasion.FAILURE ? "high" : "default");
          request.setHeader("Tags", tag(notice.occasion()));
          token.ifPresent(secret -> request.setHeader("Authorization", "Bearer " + secret));
        });
  }

  /** A webhook of Slack, or of a service that speaks as it does. */
  static HttpWay slack(URI address) {
    return new HttpWay(
        "slack",
        address,
        (request, notice) -> {
          String text = notice.title() + "\n" + notice.text();
          // Slack reads these three as markup.
          String plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
          post(request, Json.line(Map.of("text", plain)), "application/json");
        });
  }

  private static void post(HttpRequest.Builder request, String body, String type) {
    request.header("Content-Type", type).POST(BodyPublishers.ofString(body));
  }

  /** ntfy decodes what is not ASCII. */
  private static String header(String text) {
    boolean ascii = text.chars().allMatch(c -> c >= ' ' && c <= '~');
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ascii ? text : "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes) + "?=";
  }

  private static String tag(Occasion occasion) {
    return switch (occasion) {
      case FAILURE -> "rotating_light";
      case RECOVERY, TEST -> "white_check_mark";
      case WEEKLY -> "calendar";
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String host() {
    return UriHost.of(address).orElse("");
  }

  @Override
  public Optional<Trouble> send(Notice notice, Duration longest) {
    return new WebCall(Redirect.NEVER, CONNECT_TIMEOUT)
        .send(address, request -> form.accept(request, notice), longest);
  }
}
