package dev.openmemory.backup.undo;

import java.nio.file.Path;
import java.time.Instant;

/**
 * What one restore has set aside of one component, or what one change of single memories has kept.
 *
 * @param restoreId of that restore; the name of the file without its ending for {@link #MEMORIES}
 * @param component the component, or {@link #MEMORIES}
 * @param folder that holds it; a file for {@link #MEMORIES}
 * @param bytes lengths of the files in it, holes included
 * @param time when the restore began, or the memories were changed
 * @param last whether an undo would put it back; of memories the newest file
 */
public record SetAside(
    String restoreId, String component, Path folder, long bytes, Instant time, boolean last) {
  /** What {@link dev.openmemory.backup.Backups#undoMemories} takes. */
  public static final String MEMORIES = "memories";

  /** Whether it is of single memories, not of a restore. */
  public boolean isOfMemories() {
    return component.equals(MEMORIES);
  }
}
