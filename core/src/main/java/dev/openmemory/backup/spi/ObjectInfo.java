package dev.openmemory.backup.spi;

import dev.openmemory.backup.ObjectName;
import java.time.Instant;

/**
 * One object of a target.
 *
 * @param size in bytes
 * @param modified when it became visible, by the store's clock, or as {@link WriteOptions#modified}
 *     said; in the store's resolution
 */
public record ObjectInfo(ObjectName name, long size, Instant modified) {}
