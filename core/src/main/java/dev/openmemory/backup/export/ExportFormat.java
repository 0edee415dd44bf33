package dev.openmemory.backup.export;

/** What other programs can read. */
public enum ExportFormat {
  /**
   * The zip that OpenMemory's own {@code POST /api/v1/backup/import} takes: one user's memories.
   */
  OPENMEMORY
}
