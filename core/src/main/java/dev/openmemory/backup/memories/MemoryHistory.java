package dev.openmemory.backup.memories;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One memory through all backups of a target.
 *
 * @param id with dashes
 * @param entries one for each backup that could be read, oldest first
 * @param unread why other backups could not be read
 */
public record MemoryHistory(
    String id, List<Entry> entries, List<Warning> unread, Duration elapsed) {
  /** Copies the lists. */
  public MemoryHistory {
    entries = List.copyOf(entries);
    unread = List.copyOf(unread);
  }

  /**
   * The memory in one backup.
   *
   * @param memory empty when the backup does not have it
   * @param change against the entry before
   */
  public record Entry(BackupName backup, Instant created, Optional<Memory> memory, Change change) {}

  /** What is new against the backup before. */
  public enum Change {
    /** It was not there yet, or was not there again. */
    NOT_THERE,
    APPEARED,
    SAME,
    /** Its text is another one. */
    TEXT,
    /** Its state is another one, and its text is the same. */
    STATE,
    /** Its metadata, categories, owner or app are others; text and state are the same. */
    OTHER,
    /** The row is no longer there. */
    GONE
  }
}
