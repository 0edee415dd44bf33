package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON file in the home's work folder by which a run informs a later one.
 *
 * @param operation for messages
 */
public record WorkRecord(String fileName, String operation) {
  /** Changes of memories that are being made. */
  public static final WorkRecord MEMORIES =
      new WorkRecord("memories.json", "record changes of memories");

  /**
   * Reads the record of the home.
   *
   * @throws BackupException of kind {@code CORRUPT} when it is no JSON object
   */
  public Optional<JsonObject> read(Path home) throws BackupException {
    Path file = file(home);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonObject.parse(Files.readAllBytes(file), file.toString()));
    } catch (IOException e) {
      throw FileFailure.of(operation, file, e);
    }
  }

  /**
   * Writes a record where there is none.
   *
   * @throws BackupException of kind {@code LOCKED} when there is one of another run
   */
  public void create(Path home, Map<String, ?> json) throws BackupException {
    Path file = file(home);
    try {
      DurableFile.create(file, Json.write(json));
    } catch (FileAlreadyExistsException e) {
      throw Kind.LOCKED.failure(
          operation, file.toString(), "another run has begun meanwhile; try again", e);
    } catch (IOException e) {
      throw FileFailure.of(operation, file, e);
    }
  }

  /** Writes or replaces the record in one step, durably. */
  public void write(Path home, Map<String, ?> json) throws BackupException {
    try {
      DurableFile.write(file(home), Json.write(json));
    } catch (IOException e) {
      throw FileFailure.of(operation, file(home), e);
    }
  }

  /** Removes the record, durably, and the work folder when nothing else is in it. */
  public void delete(Path home) throws BackupException {
    try {
      DurableFile.delete(file(home));
      Disk.deleteIfEmpty(WorkFolder.of(home));
    } catch (IOException e) {
      throw FileFailure.of(operation, file(home), e);
    }
  }

  private Path file(Path home) {
    return WorkFolder.of(home).resolve(fileName);
  }
}
