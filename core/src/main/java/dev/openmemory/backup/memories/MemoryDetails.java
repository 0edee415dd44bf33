package dev.openmemory.backup.memories;

import dev.openmemory.backup.BackupName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a backup has about one memory.
 *
 * @param changes of its state, oldest first
 */
public record MemoryDetails(
    BackupName backup, Memory memory, List<StateChange> changes, Vector vector) {
  /** Copies the list. */
  public MemoryDetails {
    changes = List.copyOf(changes);
  }

  /**
   * A change of state that OpenMemory has recorded.
   *
   * @param by the {@code user_id} of the user that made it; empty when that row is missing
   * @param at empty when the row has no time that can be read
   */
  public record StateChange(
      String before, String after, Optional<String> by, Optional<Instant> at) {}

  /** Whether the backup has the vector of the memory, by which searches find it. */
  public enum Vector {
    /** It was there when the backup was made. */
    PRESENT,
    /** It was missing when the backup was made, or the memory was deleted then. */
    ABSENT,
    /** Memories and vectors were not compared when the backup was made, or only in part. */
    UNKNOWN
  }
}
