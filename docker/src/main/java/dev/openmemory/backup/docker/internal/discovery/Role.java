package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.internal.engine.Container;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a container is in an OpenMemory. */
enum Role {
  API("api"),
  STORE("vector store"),
  UI("web interface"),
  OTHER("other");

  /** What upstream's compose files call the service of the vector store, whichever it is. */
  static final Set<String> STORE_SERVICES = Set.of("mem0_store", "mem0-store", "qdrant");

  private final String text;

  Role(String text) {
    this.text = text;
  }

  /** For people. */
  String text() {
    return text;
  }

  static Role of(Container container) {
    return certain(container).or(() -> byEnvironment(container.environment())).orElse(OTHER);
  }

  /** By the name of the service or the image, which no other program has by accident. */
  static Optional<Role> certain(Container container) {
    return byService(container).or(() -> byImage(nameOfImage(container)));
  }

  static boolean isNamedAsStore(Container container) {
    return STORE_SERVICES.contains(container.label(DiscoveryInput.SERVICE_LABEL));
  }

  /** The vector store that its image is of, when that is none of Qdrant. */
  static Optional<String> otherStore(Container container) {
    return switch (nameOfImage(container)) {
      case "chroma" -> Optional.of("chroma");
      case "pgvector", "postgres", "postgresql" -> Optional.of("pgvector");
      case "redis", "redis-stack", "redis-stack-server", "valkey" -> Optional.of("redis");
      case "weaviate" -> Optional.of("weaviate");
      case "milvus" -> Optional.of("milvus");
      case "elasticsearch" -> Optional.of("elasticsearch");
      case "opensearch" -> Optional.of("opensearch");
      default -> Optional.empty();
    };
  }

  private static Optional<Role> byService(Container container) {
    if (isNamedAsStore(container)) {
      return otherStore(container).isEmpty() ? Optional.of(STORE) : Optional.of(OTHER);
    }
    return switch (container.label(DiscoveryInput.SERVICE_LABEL)) {
      case "openmemory-ui" -> Optional.of(UI);
      case "openmemory-mcp", "openmemory-api", "openmemory" -> Optional.of(API);
      default -> Optional.empty();
    };
  }

  private static Optional<Role> byImage(String name) {
    return switch (name) {
      case "qdrant" -> Optional.of(STORE);
      case "openmemory-mcp", "openmemory-api" -> Optional.of(API);
      case "openmemory-ui" -> Optional.of(UI);
      default -> Optional.empty();
    };
  }

  private static Optional<Role> byEnvironment(Map<String, String> environment) {
    if (environment.keySet().stream().anyMatch(name -> name.startsWith("QDRANT__"))) {
      return Optional.of(STORE);
    }
    return environment.containsKey("DATABASE_URL")
            || environment.containsKey("QDRANT_HOST")
            || environment.containsKey("QDRANT_URL")
        ? Optional.of(API)
        : Optional.empty();
  }

  /** Without registry, tag and digest; a registry may have a port. */
  private static String nameOfImage(Container container) {
    String image = container.image();
    String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
    int colon = name.lastIndexOf(':');
    String repository = colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    return repository.substring(repository.lastIndexOf('/') + 1);
  }
}
