package dev.openmemory.backup.spi;

import java.util.OptionalLong;

/**
 * Facts about a target that callers may rely on.
 *
 * @param atomicReplace whether {@link WriteOptions#REPLACE} is honoured; where not, it is {@code
 *     UNSUPPORTED}
 * @param exclusiveCreate whether of several writers of one new name exactly one wins; where not,
 *     create-only is a look before the write
 * @param modificationTimes whether {@link WriteOptions#modified} is honoured, to the second at
 *     least; where not, it is {@code UNSUPPORTED}
 * @param maxObjectSize the largest object in bytes, where there is a limit
 * @param bufferBytes the memory in bytes that one write or read may take, whatever the size of the
 *     object
 */
public record TargetTraits(
    boolean atomicReplace,
    boolean exclusiveCreate,
    boolean modificationTimes,
    OptionalLong maxObjectSize,
    long bufferBytes) {}
