package dev.openmemory.backup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A restore that succeeded, or would ({@code dryRun}).
 *
 * @param components restored, in order
 * @param previous where the state from before was kept, by component
 * @param undoable whether {@link Backups#undo} can put that back
 */
public record RestoreReport(
    BackupName name,
    boolean dryRun,
    List<String> components,
    Map<String, Path> previous,
    boolean undoable,
    List<Warning> warnings,
    Duration elapsed) {
  /** Copies the collections. */
  public RestoreReport {
    components = List.copyOf(components);
    previous = Map.copyOf(previous);
    warnings = List.copyOf(warnings);
  }
}
