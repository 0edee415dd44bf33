package dev.openmemory.backup.memories;

import dev.openmemory.backup.BackupName;
import java.time.Duration;

/**
 * What was found in a backup.
 *
 * @param found memories that the query wants
 * @param memories how many the backup has, deleted ones included
 */
public record MemoriesReport(BackupName backup, long found, long memories, Duration elapsed) {}
