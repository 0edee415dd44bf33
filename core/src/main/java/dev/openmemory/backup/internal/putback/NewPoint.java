package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.memories.Memory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The point of a memory with the payload that OpenMemory writes, still without a vector. */
final class NewPoint {
  private static final String TEXT = "data";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private NewPoint() {}

  /** Empty for a memory without a text, which no embedder takes. */
  static Optional<WholePoint> of(UUID id, Memory memory) {
    if (memory.text().isBlank()) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> payload = new LinkedHashMap<>(metadata(memory));
    payload.put(TEXT, memory.text());
    payload.put("hash", md5(memory.text()));
    memory.user().ifPresent(user -> payload.put("user_id", user));
    payload.putIfAbsent("source_app", "openmemory");
    memory.app().ifPresent(app -> payload.putIfAbsent("mcp_client", app));
    time(payload, "created_at", memory.created());
    time(payload, "updated_at", memory.updated().or(memory::created));
    return Optional.of(new WholePoint(id, payload, Optional.empty()));
  }

  static String text(WholePoint point) {
    return String.valueOf(point.payload().get(TEXT));
  }

  private static void time(
      Map<String, @Nullable Object> payload, String name, Optional<Instant> time) {
    time.ifPresent(instant -> payload.put(name, TIME.format(instant)));
  }

  private static Map<String, @Nullable Object> metadata(Memory memory) {
    try {
      String json = memory.metadata().orElse("{}");
      return Json.readObject(json.getBytes(StandardCharsets.UTF_8), "metadata");
    } catch (BackupException e) {
      // Metadata that are no object say nothing to a search.
      return Map.of();
    }
  }

  /** Of no use against forgery; mem0 finds equal texts by it. */
  private static String md5(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
