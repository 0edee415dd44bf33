package dev.openmemory.backup.undo;

/**
 * How the last restore is to be undone.
 *
 * @param dryRun whether to stop after everything has been checked
 */
public record UndoRequest(boolean dryRun) {
  /** For real. */
  public static final UndoRequest STANDARD = new UndoRequest(false);

  /** The same, stopping after everything has been checked. */
  public UndoRequest asDryRun() {
    return new UndoRequest(true);
  }
}
