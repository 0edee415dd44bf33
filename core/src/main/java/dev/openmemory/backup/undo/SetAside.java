package dev.openmemory.backup.undo;

import java.nio.file.Path;
import java.time.Instant;

/**
 * What one restore has set aside of one component.
 *
 * @param restoreId of that restore
 * @param folder that holds it
 * @param bytes lengths of the files in it, holes included
 * @param time when the restore began
 * @param last whether an undo would put it back
 */
public record SetAside(
    String restoreId, String component, Path folder, long bytes, Instant time, boolean last) {}
