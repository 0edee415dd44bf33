package dev.openmemory.backup.internal.lock;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.process.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What {@code home.lock} says while a run has it.
 *
 * @param id that no other entry has
 */
record HomeLockEntry(String id, String work, Owner owner) {
  /** How often a run writes its entry again. */
  static final Duration BEAT = Duration.ofMinutes(1);

  /** A run of another host that is silent for so long, by the clock of the file system, is gone. */
  static final Duration SILENCE = Duration.ofMinutes(10);

  HomeLockEntry(String work, Owner owner) {
    this(UUID.randomUUID().toString(), work, owner);
  }

  byte[] toText() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("work", work);
    json.put("owner", owner.toJson());
    return Json.write(json);
  }

  /** Empty when no run has it; a loss of power may leave anything. */
  static Optional<HomeLockEntry> parse(byte[] text) {
    try {
      JsonObject json = JsonObject.parse(text, "home.lock");
      return Optional.of(
          new HomeLockEntry(
              json.string("id"), json.string("work"), Owner.fromJson(json.object("owner"))));
    } catch (BackupException e) {
      return Optional.empty();
    }
  }

  String described() {
    return work + " by " + owner;
  }

  /**
   * Whether the run may be at work although the lock was free.
   *
   * @param locked whether the operating system has just given us the lock
   */
  boolean mayBeAtWork(Path file, boolean locked) throws IOException {
    if (owner.host().sharesLocks() && (locked || owner.isKnown())) {
      return !locked && !owner.isThisProcess() && !owner.hasEnded();
    }
    if (owner.host().wasRestarted()) {
      return false;
    }
    Instant written = Files.getLastModifiedTime(file).toInstant();
    Instant now = now(file);
    // A time in the future is of a clock that was wrong.
    return written.plus(SILENCE).isAfter(now) && written.minus(SILENCE).isBefore(now);
  }

  /** By the clock of the file system, which is that of the entry. */
  private static Instant now(Path file) throws IOException {
    Path probe = Files.createTempFile(Objects.requireNonNull(file.getParent()), ".now", ".tmp");
    try {
      return Files.getLastModifiedTime(probe).toInstant();
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
