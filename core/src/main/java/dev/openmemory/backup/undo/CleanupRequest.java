package dev.openmemory.backup.undo;

/**
 * What is to be removed of what restores have set aside.
 *
 * @param keepLast whether to keep what an undo would put back
 * @param dryRun whether to say what would be removed, and remove nothing
 */
public record CleanupRequest(boolean keepLast, boolean dryRun) {
  /** All of it. */
  public static final CleanupRequest ALL = new CleanupRequest(false, false);

  /** The same, keeping what an undo would put back. */
  public CleanupRequest keepingLast() {
    return new CleanupRequest(true, dryRun);
  }

  /** The same, removing nothing. */
  public CleanupRequest asDryRun() {
    return new CleanupRequest(keepLast, true);
  }
}
