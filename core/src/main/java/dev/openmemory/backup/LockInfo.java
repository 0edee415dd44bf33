package dev.openmemory.backup;

import java.time.Instant;

/**
 * A run that works, or worked, on the backups of one installation in a target.
 *
 * @param installationId whose backups; empty text for those without a manifest
 * @param work {@code backup} or {@code prune}
 * @param owner who, for people: process, host and since when
 * @param beat when it last showed that it lives, by the clock of the store
 * @param live whether it may still be at work, as far as can be seen from here
 */
public record LockInfo(
    String installationId, String work, String owner, Instant beat, boolean live) {}
