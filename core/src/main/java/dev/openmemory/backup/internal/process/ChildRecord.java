package dev.openmemory.backup.internal.process;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * {@code child-process.json} in a folder of temporary files: a process that was started to work in
 * that folder and must end with it, also when the process that started it was killed.
 */
public final class ChildRecord {
  private static final String FILE_NAME = "child-process.json";

  private ChildRecord() {}

  /** Records the process, in the place of the one before. */
  public static void write(Path folder, ProcessHandle child, Clock clock) throws IOException {
    Files.write(folder.resolve(FILE_NAME), Json.write(Owner.of(child, clock).toJson()));
  }

  /**
   * Ends the process that is recorded there, if it is still that one. For a folder of an owner that
   * has ended.
   */
  public static void endLeftOver(Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.isRegularFile(file)) {
      return;
    }
    try {
      Owner child = Owner.fromJson(JsonObject.parse(Files.readAllBytes(file), file.toString()));
      // By its id alone it may be any process.
      if (!child.processStart().isEmpty()) {
        child.process().ifPresent(ProcessTree::kill);
      }
    } catch (BackupException e) {
      // Cut off while it was written: the process is not known.
      return;
    }
  }
}
