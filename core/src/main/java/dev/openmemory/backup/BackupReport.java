package dev.openmemory.backup;

import java.time.Duration;

/**
 * A backup that was made.
 *
 * @param manifest as it was published; its warnings are those of the run
 * @param location the redacted place of the backup
 * @param elapsed time of the whole run
 */
public record BackupReport(Manifest manifest, String location, Duration elapsed) {}
