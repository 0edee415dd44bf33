package dev.openmemory.backup.internal.qdrant.server;

import java.util.Map;

/**
 * A collection as its server describes it.
 *
 * @param vectors the member {@code config.params.vectors}, which must be literally equal for a
 *     snapshot to be taken into an existing collection (measured on Qdrant 1.18.3)
 * @param shards the number of its shards
 * @param queued operations that are written down and not yet applied; 0 for servers that do not say
 */
public record CollectionInfo(String name, Map<String, Object> vectors, int shards, long queued) {}
