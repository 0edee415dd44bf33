package dev.openmemory.backup.cli.notify;

import java.time.Instant;

/**
 * A backup that a run has made.
 *
 * @param at when the run ended
 * @param storedBytes in all targets
 */
public record NewBackup(String name, Instant at, long storedBytes) {}
