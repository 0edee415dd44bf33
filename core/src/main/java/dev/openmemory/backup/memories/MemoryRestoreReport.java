package dev.openmemory.backup.memories;

import dev.openmemory.backup.Warning;
import dev.openmemory.backup.memories.MemoryChange.Action;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was done about memories of an installation, or is going to be.
 *
 * @param applied whether it was done; false for a plan
 * @param actions how many memories by what is done about them
 * @param vectorsFrom what read the vectors of the backup; empty when none was needed
 * @param newVectors what the embedder is asked for new vectors; empty when none is needed
 * @param undoFile what {@link dev.openmemory.backup.Backups#undoMemories} takes; empty when nothing
 *     was changed
 */
public record MemoryRestoreReport(
    boolean applied,
    Map<Action, Long> actions,
    Optional<String> vectorsFrom,
    Optional<NewVectorsReport> newVectors,
    Optional<Path> undoFile,
    List<Warning> warnings,
    Duration elapsed) {
  /** Copies map and list. */
  public MemoryRestoreReport {
    actions = Map.copyOf(actions);
    warnings = List.copyOf(warnings);
  }

  /** How many memories this is done about. */
  public long count(Action action) {
    return actions.getOrDefault(action, 0L);
  }

  /** How many memories are changed. */
  public long changed() {
    return actions.entrySet().stream()
        .filter(entry -> entry.getKey().changes())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
