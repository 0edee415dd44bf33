package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.pause.HeldRecord;
import dev.openmemory.backup.internal.run.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
  private static final String OPERATION = "record the restore";

  public UndoRecord {
    kept = Map.copyOf(kept);
  }

  void write(Path home) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("restoreId", restoreId);
    json.put("time", time.toString());
    json.put("restore", reversal.toJson());
    json.put("kept", kept);
    try {
      DurableFile.write(file(home), Json.write(json));
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file(home), e);
    }
  }

  /**
   * The one of a home.
   *
   * @throws BackupException of kind {@code CORRUPT} when it cannot be read
   */
  public static Optional<UndoRecord> read(Path home) throws IOException {
    Path file = file(home);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonObject json = JsonObject.parse(HeldRecord.bytes(OPERATION, file), file.toString());
    Map<String, String> kept = new LinkedHashMap<>();
    json.object("kept")
        .others(Set.of())
        .forEach((component, place) -> kept.put(component, String.valueOf(place)));
    return Optional.of(
        new UndoRecord(
            json.string("restoreId"),
            json.instant("time"),
            Reversal.fromJson(json.object("restore")),
            kept));
  }

  /** Forgets it, durably; also removes the work folder when nothing else is in it. */
  public static void delete(Path home) throws IOException {
    try {
      DurableFile.delete(file(home));
      Disk.deleteIfEmpty(WorkFolder.of(home));
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file(home), e);
    }
  }

  private static Path file(Path home) {
    return WorkFolder.of(home).resolve("undo.json");
  }
}
