package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.internal.json.Json;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a server.
 *
 * @param operation for messages
 * @param path with its query, encoded
 * @param secrets what no message may repeat of the answer
 */
record Request(
    String operation,
    String method,
    String path,
    BodyPublisher body,
    Map<String, String> headers,
    List<ApiKey> secrets) {

  static Request get(String operation, String path) {
    return plain(operation, "GET", path);
  }

  static Request plain(String operation, String method, String path) {
    return new Request(operation, method, path, BodyPublishers.noBody(), Map.of(), List.of());
  }

  static Request json(String operation, String method, String path, Map<String, Object> body) {
    return new Request(
        operation,
        method,
        path,
        BodyPublishers.ofByteArray(Json.write(body)),
        Map.of("Content-Type", "application/json"),
        List.of());
  }

  /** A form that is sent to upload a snapshot. */
  static Request form(String operation, String path, Multipart form, BodyPublisher body) {
    return new Request(
        operation, "POST", path, body, Map.of("Content-Type", form.contentType()), List.of());
  }

  Request with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Request(operation, method, path, body, more, secrets);
  }

  Request hiding(Optional<ApiKey> secret) {
    List<ApiKey> more = new ArrayList<>(secrets);
    secret.ifPresent(more::add);
    return new Request(operation, method, path, body, headers, more);
  }
}
