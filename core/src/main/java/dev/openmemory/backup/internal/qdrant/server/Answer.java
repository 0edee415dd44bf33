package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/** What a server answered to a request; not necessarily what was hoped for. */
final class Answer {
  private static final int LONGEST_QUOTE = 300;

  private final Request request;
  private final String location;
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  Answer(Request request, String location, int status, HttpHeaders headers, byte[] body) {
    this.request = request;
    this.location = location;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** This, if it is a success. */
  Answer expectSuccess() throws Refusal {
    if (status < 200 || status >= 300) {
      throw refusal();
    }
    return this;
  }

  Refusal refusal() {
    return Refusal.of(request.operation(), location, status, words());
  }

  /** The whole document. */
  JsonObject document() throws BackupException {
    try {
      return JsonObject.parse(body, location);
    } catch (BackupException e) {
      throw Kind.INVALID.failure(
          request.operation(), location, "does not answer as Qdrant does", e);
    }
  }

  /** When the server sent it, to the second, by its own clock. */
  Optional<Instant> date() {
    try {
      return headers
          .firstValue("date")
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The text of an error, on one line; in an envelope or plain, as the server has both. */
  private String words() {
    String text = inEnvelope().orElseGet(() -> new String(body, StandardCharsets.UTF_8));
    for (ApiKey secret : request.secrets()) {
      text = text.replace(secret.secret(), secret.toString());
    }
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "...";
  }

  private Optional<String> inEnvelope() {
    try {
      return Json.readObject(body, "").get("status") instanceof Map<?, ?> state
              && state.get("error") instanceof String error
          ? Optional.of(error)
          : Optional.empty();
    } catch (BackupException e) {
      return Optional.empty();
    }
  }
}
