package dev.openmemory.backup.internal.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The vector store that a configuration names. Host, url and path are never shown as they are: they
 * may hold a key, or refer to a variable as {@code env:NAME}.
 *
 * @param provider {@code qdrant}, {@code pgvector} ...
 * @param path of a Qdrant that runs inside the API
 */
public record VectorStore(
    Optional<String> provider,
    Optional<String> host,
    Optional<String> url,
    Optional<String> path,
    Optional<String> collection) {
  /** The one that OpenMemory uses unless settings name another. */
  public static final String QDRANT = "qdrant";

  /** Where the web interface keeps it, for people. */
  public static final String ROW = "row 'main' of table 'configs'";

  /** The operation of failures about it. */
  public static final String OPERATION = "find vectors";

  /**
   * The fact that vectors are out of reach.
   *
   * @param source the setting that names the provider
   */
  public static String notQdrant(String provider, String source) {
    return "the vectors are in " + provider + " and not in Qdrant (" + source + ")";
  }

  /** Empty when the configuration names none. */
  static Optional<VectorStore> in(JsonNode root) {
    JsonNode store = root.at("/mem0/vector_store");
    JsonNode config = store.path("config");
    return store.isObject()
        ? Optional.of(
            new VectorStore(
                text(store, "provider"),
                text(config, "host"),
                text(config, "url"),
                text(config, "path"),
                text(config, "collection_name")))
        : Optional.empty();
  }

  private static Optional<String> text(JsonNode node, String name) {
    return Optional.of(node.path(name))
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .filter(text -> !text.isBlank());
  }

  /** What a manifest states of it. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    provider.ifPresent(name -> facts.put("provider", name));
    collection.ifPresent(name -> facts.put("collection", name));
    return facts;
  }

  /** Without addresses. */
  @Override
  public String toString() {
    return "VectorStore" + facts();
  }
}
