package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.discovery.Variables.Variable;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.internal.config.VectorStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The vector store that the API uses: the one of the row in its database, else the one of its
 * variables, else Qdrant under the name that upstream's compose file gives it.
 *
 * @param provider as mem0 calls it
 * @param address of a Qdrant; empty for the default
 * @param source that says so, for people
 */
record StoreSetting(String provider, Optional<StoreAddress> address, String source) {
  private static final String EMBEDDED = "a Qdrant inside the API";
  private static final String QDRANT_URL = "QDRANT_URL";
  private static final String QDRANT_HOST = "QDRANT_HOST";

  /** In the order in which OpenMemory asks for them; each needs all of its variables. */
  private static final List<Rule> RULES =
      List.of(
          new Rule("chroma", List.of("CHROMA_HOST", "CHROMA_PORT")),
          new Rule(VectorStore.QDRANT, List.of(QDRANT_URL)),
          new Rule(VectorStore.QDRANT, List.of(QDRANT_HOST)),
          new Rule("weaviate", List.of("WEAVIATE_CLUSTER_URL")),
          new Rule("weaviate", List.of("WEAVIATE_HOST", "WEAVIATE_PORT")),
          new Rule("redis", List.of("REDIS_URL")),
          new Rule("pgvector", List.of("PG_HOST", "PG_PORT")),
          new Rule("milvus", List.of("MILVUS_HOST", "MILVUS_PORT")),
          new Rule("elasticsearch", List.of("ELASTICSEARCH_HOST", "ELASTICSEARCH_PORT")),
          new Rule("opensearch", List.of("OPENSEARCH_HOST", "OPENSEARCH_PORT")),
          new Rule("faiss", List.of("FAISS_PATH")));

  static final Set<String> VARIABLES =
      RULES.stream().flatMap(rule -> rule.names().stream()).collect(Collectors.toSet());

  private record Rule(String provider, List<String> names) {
    private Optional<StoreSetting> in(Variables variables) {
      return names.stream().allMatch(name -> variables.find(name).isPresent())
          ? variables.find(names.get(0)).map(this::of)
          : Optional.empty();
    }

    private StoreSetting of(Variable first) {
      Optional<StoreAddress> address =
          switch (first.name()) {
            case QDRANT_URL -> StoreAddress.ofUrl(first.value());
            case QDRANT_HOST -> StoreAddress.ofHost(first.value());
            default -> Optional.empty();
          };
      return new StoreSetting(provider, address, first.why());
    }
  }

  static StoreSetting of(Optional<VectorStore> row, Variables variables) {
    return row.map(store -> ofRow(store, variables)).orElseGet(() -> of(variables));
  }

  private static StoreSetting ofRow(VectorStore row, Variables variables) {
    String provider = row.provider().orElse(VectorStore.QDRANT);
    Optional<StoreAddress> address =
        row.url()
            .flatMap(url -> StoreAddress.ofUrl(value(url, variables)))
            .or(() -> row.host().flatMap(host -> StoreAddress.ofHost(value(host, variables))));
    boolean embedded =
        provider.equals(VectorStore.QDRANT) && address.isEmpty() && row.path().isPresent();
    return new StoreSetting(embedded ? EMBEDDED : provider, address, VectorStore.ROW);
  }

  /** A variable that is not set leaves the text as it is, as OpenMemory does. */
  private static String value(String text, Variables variables) {
    return text.startsWith("env:")
        ? variables.find(text.substring("env:".length())).map(Variable::value).orElse(text)
        : text;
  }

  private static StoreSetting of(Variables variables) {
    return RULES.stream()
        .flatMap(rule -> rule.in(variables).stream())
        .findFirst()
        .orElseGet(
            () -> new StoreSetting(VectorStore.QDRANT, Optional.empty(), "OpenMemory's default"));
  }

  /** The same, unless the container there is another store than a Qdrant. */
  StoreSetting in(List<Container> containers) {
    return containers.stream()
        .filter(c -> address.map(a -> a.isOf(c)).orElseGet(() -> Role.isNamedAsStore(c)))
        .flatMap(c -> ofImage(c).stream())
        .findFirst()
        .orElse(this);
  }

  /** Empty for all containers but those of other stores than Qdrant. */
  static Optional<StoreSetting> ofImage(Container container) {
    return Role.otherStore(container)
        .map(
            kind ->
                new StoreSetting(kind, Optional.empty(), "image of container " + container.name()));
  }

  /** For people. */
  String why() {
    return "the API uses the Qdrant of this installation (" + source + ")";
  }

  boolean isQdrant() {
    return provider.equals(VectorStore.QDRANT);
  }

  /** Whether it may be a Qdrant of this host. */
  boolean mayBeHere() {
    return isQdrant() && address.filter(at -> !at.mayBeHere()).isEmpty();
  }

  /** That the vectors cannot be backed up. */
  BackupException unsupported(String home) {
    return new BackupException(Kind.UNSUPPORTED, VectorStore.OPERATION, home, fact());
  }

  private String fact() {
    return isQdrant()
        ? "the vectors are in a Qdrant of another host (" + source + ")"
        : VectorStore.notQdrant(provider, source);
  }
}
