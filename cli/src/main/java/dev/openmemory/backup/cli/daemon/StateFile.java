package dev.openmemory.backup.cli.daemon;

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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file with the {@link State} of a daemon. A process that ends leaves it as it was before. */
public final class StateFile {
  private static final String NAME = "schedule.json";
  private static final String OPERATION = "state of the schedule";

  private final Path file;

  private StateFile(Path file) {
    this.file = file.toAbsolutePath().normalize();
  }

  /** The file that was asked for, or the one of the home. */
  public static StateFile of(@Nullable Path wanted, Path home) {
    return new StateFile(wanted == null ? WorkFolder.of(home).resolve(NAME) : wanted);
  }

  Path file() {
    return file;
  }

  /** The same file with that behind its name. */
  Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /**
   * What is in it; empty when there is none.
   *
   * @throws BackupException of kind {@code CORRUPT} when it is no such file
   */
  Optional<State> read() throws BackupException {
    try {
      byte[] text = Uninterrupted.call(() -> Files.readAllBytes(file));
      return Optional.of(State.fromJson(JsonObject.parse(text, file.toString())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  /** Writes or replaces it in one step, also on a thread that is being interrupted. */
  void write(State state) throws BackupException {
    Map<String, Object> json = state.toJson();
    try {
      Uninterrupted.run(() -> DurableFile.write(file, Json.write(json)));
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }
}
