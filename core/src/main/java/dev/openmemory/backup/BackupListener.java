package dev.openmemory.backup;

/**
 * Hears what a run does, one event at a time. Called on the threads that work, so it should be
 * quick; what it throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface BackupListener {
  /** Hears nothing. */
  BackupListener NONE = event -> {};

  /** One event. */
  void on(BackupEvent event);
}
