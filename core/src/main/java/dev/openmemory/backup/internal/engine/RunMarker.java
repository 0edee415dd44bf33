package dev.openmemory.backup.internal.engine;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code in-progress.json}: the first object that a backup writes and the last that it removes. A
 * folder that holds it and no manifest is not a backup; without it, files without a manifest are a
 * backup of the guide's scripts.
 */
record RunMarker(Work work, Owner owner) {
  static final String FILE_NAME = "in-progress.json";
  private static final int MAX_BYTES = 64 * 1024;

  /** What is in progress. */
  enum Work {
    BACKUP,
    DELETE
  }

  /** Claims the name; of several runs that try, one succeeds. */
  void write(BackupTarget target, BackupName name) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("work", work.name().toLowerCase(Locale.ROOT));
    json.put("owner", owner.toJson());
    byte[] bytes = Json.write(json);
    target.write(name.file(FILE_NAME), new SmallContent(bytes), WriteOptions.CREATE_ONLY);
  }

  static RunMarker read(BackupTarget target, BackupName name) throws IOException {
    byte[] bytes = SmallContent.read(target, name.file(FILE_NAME), MAX_BYTES);
    JsonObject json = JsonObject.parse(bytes, target.location() + "/" + name.file(FILE_NAME));
    String work = json.string("work");
    try {
      return new RunMarker(
          Work.valueOf(work.toUpperCase(Locale.ROOT)), Owner.fromJson(json.object("owner")));
    } catch (IllegalArgumentException e) {
      throw new BackupException(
          Kind.CORRUPT,
          "read",
          target.location() + "/" + name.file(FILE_NAME),
          "unknown work '" + work + "'",
          e);
    }
  }
}
