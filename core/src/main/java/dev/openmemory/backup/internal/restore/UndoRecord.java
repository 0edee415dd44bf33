package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.run.WorkRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code undo.json} in the home's work folder: what the last restore has set aside. It is written
 * when the restore is final, and replaced by the next one.
 *
 * @param time when it was final
 * @param kept where the data from before is, for people, by component; a component that had none is
 *     missing
 */
public record UndoRecord(
    String restoreId, Instant time, Reversal reversal, Map<String, String> kept) {
  private static final WorkRecord FILE = new WorkRecord("undo.json", RestoreRecord.OPERATION);

  public UndoRecord {
    kept = Map.copyOf(kept);
  }

  void write(Path home) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("restoreId", restoreId);
    json.put("time", time.toString());
    json.put("restore", reversal.toJson());
    json.put("kept", kept);
    FILE.write(home, json);
  }

  /**
   * The one of a home.
   *
   * @throws BackupException of kind {@code CORRUPT} when it cannot be read
   */
  public static Optional<UndoRecord> read(Path home) throws IOException {
    Optional<JsonObject> record = FILE.read(home);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    JsonObject json = record.get();
    return Optional.of(
        new UndoRecord(
            json.string("restoreId"),
            json.instant("time"),
            Reversal.fromJson(json.object("restore")),
            json.texts("kept")));
  }

  /** Forgets it, durably; also removes the work folder when nothing else is in it. */
  public static void delete(Path home) throws IOException {
    FILE.delete(home);
  }
}
