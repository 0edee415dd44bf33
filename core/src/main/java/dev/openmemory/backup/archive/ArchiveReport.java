package dev.openmemory.backup.archive;

import dev.openmemory.backup.BackupName;
import java.time.Duration;

/**
 * A backup that was written as one archive.
 *
 * @param files in it
 * @param bytes of the archive
 */
public record ArchiveReport(
    BackupName name, ArchiveFormat format, int files, long bytes, Duration elapsed) {}
