package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.run.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** The file with the {@link Ledger} of an OpenMemory folder. */
record LedgerFile(Path file) {
  private static final String OPERATION = "record of notifications";

  static LedgerFile of(Path home) {
    return new LedgerFile(WorkFolder.of(home).resolve("notifications.json"));
  }

  /**
   * What is in it; empty when there is none.
   *
   * @throws BackupException of kind {@code CORRUPT} when it is no such file
   */
  Optional<Ledger> read() throws BackupException {
    try {
      byte[] text = Uninterrupted.call(() -> Files.readAllBytes(file));
      return Optional.of(Ledger.fromJson(JsonObject.parse(text, file.toString())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  /**
   * Writes or replaces it in one step. Without the folder of this program nothing is written: it
   * would make any folder look like a home.
   */
  void write(Ledger ledger) throws BackupException {
    if (!Files.isDirectory(Objects.requireNonNull(file.getParent()))) {
      return;
    }
    try {
      Uninterrupted.run(() -> DurableFile.write(file, Json.write(ledger.toJson())));
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }
}
