package dev.openmemory.backup.undo;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Warning;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An undo that succeeded, or would ({@code dryRun}).
 *
 * @param backup that the last restore was of
 * @param created when that backup was made
 * @param setAside when the data that is put back was set aside
 * @param again whether the last restore had been undone already, so that its data comes back
 * @param places where the data of each component is, by component, in order
 * @param previous where the replaced data was set aside in turn, by component
 */
public record UndoReport(
    boolean dryRun,
    BackupName backup,
    Instant created,
    Instant setAside,
    boolean again,
    Map<String, String> places,
    Map<String, Path> previous,
    List<Warning> warnings,
    Duration elapsed) {
  /** Copies the collections. */
  public UndoReport {
    places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
    previous = Map.copyOf(previous);
    warnings = List.copyOf(warnings);
  }
}
