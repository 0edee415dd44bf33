package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code in-progress.json}: the first object that a backup or a sync writes and the last that it
 * removes. A folder that holds it and no manifest is not a backup; without it, files without a
 * manifest are a backup of the guide's scripts.
 *
 * @param copied of a sync, the SHA-256 of what says which files are copied: finished ones below the
 *     marker are of that very backup
 */
public record RunMarker(Work work, Owner owner, Optional<String> copied) {
  /** What a sync has sent is worth continuing for so long. */
  static final Duration CONTINUABLE = Duration.ofDays(7);

  public static final String FILE_NAME = "in-progress.json";
  private static final int MAX_BYTES = 64 * 1024;

  public enum Work {
    BACKUP,
    DELETE,
    SYNC
  }

  public RunMarker(Work work, Owner owner) {
    this(work, owner, Optional.empty());
  }

  /**
   * Claims the name; of several runs that try, one succeeds.
   *
   * @return what is below the name now, with the marker
   * @throws BackupException of kind {@code ALREADY_EXISTS} also when the target takes another name
   *     for the same
   */
  public List<ObjectInfo> claim(BackupTarget target, BackupName name) throws IOException {
    write(target, name);
    List<ObjectInfo> there = target.list(name + "/");
    if (BackupCatalog.holds(there, FILE_NAME) || !isFolded(target, name)) {
      // A list that does not show the marker is late.
      return there;
    }
    target.delete(name.file(FILE_NAME));
    throw Kind.ALREADY_EXISTS.failure(
        work.name().toLowerCase(Locale.ROOT),
        target.location() + "/" + name,
        "the target does not distinguish upper and lower case, and another backup has this name");
  }

  private static boolean isFolded(BackupTarget target, BackupName name) throws IOException {
    return new BackupCatalog(target)
        .folders("").keySet().stream()
            .anyMatch(other -> !other.equals(name) && other.value().equalsIgnoreCase(name.value()));
  }

  /** Marks what is there for this work. */
  void write(BackupTarget target, BackupName name) throws IOException {
    write(target, name, WriteOptions.CREATE_ONLY);
  }

  /** Takes the name over from an owner that has ended. */
  public void replace(BackupTarget target, BackupName name) throws IOException {
    write(target, name, WriteOptions.REPLACE);
  }

  private void write(BackupTarget target, BackupName name, WriteOptions options)
      throws IOException {
    target.write(name.file(FILE_NAME), new SmallContent(toJson()), options);
  }

  /** The document. A sync adds up its size. */
  public byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("work", work.name().toLowerCase(Locale.ROOT));
    json.put("owner", owner.toJson());
    copied.ifPresent(sha256 -> json.put("copied", sha256));
    return Json.write(json);
  }

  public static RunMarker read(BackupTarget target, BackupName name) throws IOException {
    byte[] bytes = SmallContent.read(target, name.file(FILE_NAME), MAX_BYTES);
    JsonObject json = JsonObject.parse(bytes, target.location() + "/" + name.file(FILE_NAME));
    String work = json.string("work");
    try {
      return new RunMarker(
          Work.valueOf(work.toUpperCase(Locale.ROOT)),
          Owner.fromJson(json.object("owner")),
          json.has("copied") ? Optional.of(json.string("copied")) : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw Kind.CORRUPT.failure(
          "read", target.location() + "/" + name.file(FILE_NAME), "unknown work '" + work + "'", e);
    }
  }
}
