package dev.openmemory.backup;

import java.time.Instant;

/**
 * A run that works, or worked, on the backups of one installation in a target.
 *
 * @param installationId of the backups; empty text for backups without a manifest
 * @param work {@code backup} or {@code prune}
 * @param owner of the run, for people: process, host and since when
 * @param beat when it last renewed the lock, by the clock of the store
 * @param live whether it may still be at work, as far as can be seen from here
 */
public record LockInfo(
    String installationId, String work, String owner, Instant beat, boolean live) {}
