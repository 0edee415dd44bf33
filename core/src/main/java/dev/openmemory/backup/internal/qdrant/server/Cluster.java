package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The cluster that a server is a node of.
 *
 * @param node the id of the server that answered
 * @param peers by id: where other nodes reach them
 */
public record Cluster(String node, Map<String, String> peers) {
  static Optional<Cluster> of(Answer answer) throws BackupException {
    JsonObject result = answer.document().object("result");
    if (!result.has("status") || !result.string("status").equals("enabled")) {
      return Optional.empty();
    }
    Map<String, String> peers = new TreeMap<>();
    for (String peer : result.object("peers").others(Set.of()).keySet()) {
      peers.put(peer, result.object("peers").object(peer).string("uri"));
    }
    return Optional.of(new Cluster(String.valueOf(result.others(Set.of()).get("peer_id")), peers));
  }
}
