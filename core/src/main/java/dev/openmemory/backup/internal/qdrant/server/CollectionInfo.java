package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import java.util.Map;
import java.util.Set;

/**
 * A collection as its server describes it.
 *
 * @param vectors the member {@code config.params.vectors}, which must be literally equal for a
 *     snapshot to be taken into an existing collection (measured on Qdrant 1.18.3)
 * @param shards the number of its shards
 * @param queued operations that are written down and not yet applied; 0 for servers that do not say
 */
public record CollectionInfo(String name, Map<String, Object> vectors, int shards, long queued) {
  static Request request(String collection) {
    return Request.get("read collection", Address.collection(collection));
  }

  static CollectionInfo of(String name, JsonObject result) throws BackupException {
    JsonObject params = result.object("config").object("params");
    Map<String, Object> vectors =
        params.has("vectors") ? params.object("vectors").others(Set.of()) : Map.of();
    int shards = params.has("shard_number") ? (int) params.size("shard_number") : 1;
    return new CollectionInfo(name, vectors, shards, RestoreWatch.queued(result));
  }
}
