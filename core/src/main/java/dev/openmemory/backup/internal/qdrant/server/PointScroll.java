package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import dev.openmemory.backup.spi.optional.VectorStore.Points;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads points in the order of their ids, a page in memory at a time. */
final class PointScroll {
  private static final int PAGE = 10_000;
  private static final String USER = "user_id";
  private static final String TEXT = "data";

  private final Transport transport;
  private final String collection;
  private final int pageSize;
  private final Object payload;
  private final boolean vectors;

  /** Of ids and users alone. */
  PointScroll(Transport transport, String collection) {
    this(transport, collection, PAGE);
  }

  /** The points with their texts, in pages that stay small. */
  static PointScroll withTexts(Transport transport, String collection) {
    return new PointScroll(transport, collection, PAGE / 10, List.of(USER, TEXT), false);
  }

  /** The points with all of their payload and with their vectors. */
  static PointScroll whole(Transport transport, String collection, int pageSize) {
    return new PointScroll(transport, collection, pageSize, true, true);
  }

  PointScroll(Transport transport, String collection, int pageSize) {
    this(transport, collection, pageSize, List.of(USER), false);
  }

  private PointScroll(
      Transport transport, String collection, int pageSize, Object payload, boolean vectors) {
    this.payload = payload;
    this.vectors = vectors;
    this.transport = transport;
    this.collection = collection;
    this.pageSize = pageSize;
  }

  /** Takes a point as the server sends it. */
  interface Visitor {
    void take(JsonObject point) throws IOException;
  }

  void read(Points points) throws IOException {
    each(point -> points.take(point(point)));
  }

  void each(Visitor visitor) throws IOException {
    Object offset = null;
    while (true) {
      JsonObject page = page(offset);
      for (JsonObject point : page.objects("points")) {
        visitor.take(point);
      }
      if (!page.has("next_page_offset")) {
        return;
      }
      Object next = id(page, "next_page_offset");
      if (next.equals(offset)) {
        throw page.wrong("next_page_offset", "does not get on");
      }
      offset = next;
    }
  }

  private JsonObject page(@Nullable Object offset) throws BackupException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("limit", pageSize);
    body.put("with_payload", payload);
    body.put("with_vector", vectors);
    if (offset != null) {
      body.put("offset", offset);
    }
    return transport
        .read(
            Request.json(
                "read points", "POST", Address.collection(collection) + "/points/scroll", body))
        .document()
        .object("result");
  }

  static Point point(JsonObject point) throws BackupException {
    Optional<UUID> id = Optional.empty();
    if (id(point, "id") instanceof String text) {
      try {
        id = Optional.of(UUID.fromString(text));
      } catch (IllegalArgumentException e) {
        throw point.wrong("id", "is neither a number nor a UUID");
      }
    }
    return new Point(id, payload(point, USER), payload(point, TEXT));
  }

  private static Optional<String> payload(JsonObject point, String name) throws BackupException {
    return point.has("payload")
            && point.object("payload").others(Set.of()).get(name) instanceof String text
        ? Optional.of(text)
        : Optional.empty();
  }

  static Object id(JsonObject holder, String name) throws BackupException {
    Object id = holder.others(Set.of()).get(name);
    if (id instanceof String || id instanceof Number) {
      return id;
    }
    throw holder.wrong(name, "is neither a number nor a UUID");
  }
}
