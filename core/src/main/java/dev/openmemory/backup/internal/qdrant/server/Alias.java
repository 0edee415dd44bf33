package dev.openmemory.backup.internal.qdrant.server;

import java.util.Map;

/** Another name of a collection. */
public record Alias(String name, String collection) {
  /** The action that makes the alias. */
  Map<String, Object> creation() {
    return Map.of("create_alias", Map.of("collection_name", collection, "alias_name", name));
  }

  /** The action that removes the alias of that name. */
  static Map<String, Object> deletion(String alias) {
    return Map.of("delete_alias", Map.of("alias_name", alias));
  }
}
