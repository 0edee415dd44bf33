package dev.openmemory.backup.internal.qdrant.server;

import java.time.Instant;
import java.util.Optional;

/**
 * A snapshot that a server keeps.
 *
 * @param size in bytes
 * @param sha256 of its bytes, lower-case hex; empty for one that was uploaded
 * @param created to the second; empty when the server does not say
 */
public record SnapshotInfo(
    String name, long size, Optional<String> sha256, Optional<Instant> created) {}
