package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.run.WorkFolder;
import dev.openmemory.backup.internal.run.WorkRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code memories.json} in the home's work folder: which changes are being made. It is written
 * before the first and removed after the last of them.
 */
record Journal(Path home) {
  private static final WorkRecord FILE = WorkRecord.MEMORIES;
  static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT);

  /** The file of changes that a process has left half made. */
  Optional<ChangeFile> left() throws IOException {
    Optional<JsonObject> record = FILE.read(home);
    return record.isPresent()
        ? Optional.of(new ChangeFile(folder().resolve(record.get().string("changes"))))
        : Optional.empty();
  }

  /**
   * Keeps the changes, durably, under a name that nothing has.
   *
   * @param changes a temporary file
   */
  ChangeFile keep(ChangeFile changes, Clock clock) throws IOException {
    Path folder = folder();
    try {
      for (Path each : new Path[] {WorkFolder.of(home), folder}) {
        if (!Files.isDirectory(each)) {
          Disk.createPrivateDirectory(each);
        }
      }
    } catch (IOException e) {
      throw FileFailure.of("keep changes of memories", folder, e);
    }
    String stem = "undo-" + TIME.format(clock.instant().atZone(clock.getZone()));
    Path file = folder.resolve(stem + ".jsonl");
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve(stem + "-" + i + ".jsonl");
    }
    try (NewFile kept = NewFile.begin("keep changes of memories", file)) {
      Files.copy(changes.file(), kept.stream());
      kept.publish();
    }
    return new ChangeFile(file);
  }

  void begin(ChangeFile changes) throws IOException {
    FILE.create(home, Map.of("changes", String.valueOf(changes.file().getFileName())));
  }

  void end() throws IOException {
    FILE.delete(home);
  }

  /** For changes that were taken back, or that nothing has to take back any more. */
  void discard(ChangeFile changes) throws IOException {
    try {
      DurableFile.delete(changes.file());
      Disk.deleteIfEmpty(folder());
      Disk.deleteIfEmpty(WorkFolder.of(home));
    } catch (IOException e) {
      throw FileFailure.of("remove changes of memories", changes.file(), e);
    }
  }

  Path folder() {
    return WorkFolder.of(home).resolve("memories");
  }
}
