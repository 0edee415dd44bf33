package dev.openmemory.backup.storage.s3.internal.leftover;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.process.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An upload in parts that another run may have to abort. It is written before the upload is
 * created, again when the store has named it, and at intervals while it lasts.
 *
 * @param key of the object
 * @param uploadId null as long as the store has not named it
 * @param owner which process uploads
 */
public record UploadRecord(String key, @Nullable String uploadId, Owner owner) {
  /** How often an active upload writes its record again. */
  public static final Duration REFRESH = Duration.ofMinutes(5);

  /** Several refreshes may fail before others treat the upload as stale. */
  private static final Duration SILENCE = Duration.ofHours(1);

  public UploadRecord named(String id) {
    return new UploadRecord(key, id, owner);
  }

  /** The same, as one that no run is at work on. */
  UploadRecord released() {
    return new UploadRecord(key, uploadId, owner.retired());
  }

  /** The same, as one of no upload. */
  UploadRecord vacated() {
    return new UploadRecord("", null, owner.retired());
  }

  /** Whether it is of no upload: it could not be removed. */
  boolean isVacant() {
    return key.isEmpty();
  }

  /**
   * Whether no run is at work on it. Of a process of this host no clock is asked: it may be
   * suspended.
   *
   * @param written when the record was last written, by the clock of the store
   * @param now by the same clock
   */
  boolean isStale(Instant written, Instant now) {
    return owner.isKnown() ? owner.hasEnded() : written.plus(SILENCE).isBefore(now);
  }

  byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", key);
    if (uploadId != null) {
      json.put("uploadId", uploadId);
    }
    json.put("owner", owner.toJson());
    return Json.write(json);
  }

  static UploadRecord parse(byte[] text, String location) throws BackupException {
    JsonObject json = JsonObject.parse(text, location);
    return new UploadRecord(
        json.string("key"),
        json.has("uploadId") ? json.string("uploadId") : null,
        Owner.fromJson(json.object("owner")));
  }
}
