package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import java.util.Map;

/** A database of another program must not become a backup of OpenMemory. */
final class DatabaseRule {
  private DatabaseRule() {}

  /**
   * Checks what was captured.
   *
   * @param facts by component
   * @throws BackupException of kind {@code INCONSISTENT} when the database has no memories table
   */
  static void check(Map<String, Facts> facts, String home) throws BackupException {
    Facts database = facts.getOrDefault("database", Facts.NONE);
    if (database.values().get("tables") instanceof Map<?, ?> tables
        && tables.keySet().stream()
            .noneMatch(t -> String.valueOf(t).equalsIgnoreCase("memories"))) {
      throw new BackupException(
          Kind.INCONSISTENT,
          "backup",
          home,
          "the database has no table 'memories', so it is not one of OpenMemory; name the right"
              + " file with --db");
    }
  }
}
