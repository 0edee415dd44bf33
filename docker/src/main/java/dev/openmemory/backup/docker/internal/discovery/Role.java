package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.internal.engine.Container;
import java.util.Map;
import java.util.Optional;

/** What a container is in an OpenMemory. */
enum Role {
  API("api"),
  STORE("vector store"),
  UI("web interface"),
  OTHER("other");

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

  /** By the name of the service or the image, which no stranger has by accident. */
  static Optional<Role> certain(Container container) {
    return byService(container.label(DiscoveryInput.SERVICE_LABEL))
        .or(() -> byImage(repository(container.image())));
  }

  private static Optional<Role> byService(String service) {
    return switch (service) {
      case "mem0_store", "mem0-store", "qdrant" -> Optional.of(STORE);
      case "openmemory-ui" -> Optional.of(UI);
      case "openmemory-mcp", "openmemory-api", "openmemory" -> Optional.of(API);
      default -> Optional.empty();
    };
  }

  private static Optional<Role> byImage(String repository) {
    String name = repository.substring(repository.lastIndexOf('/') + 1);
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

  /** Without tag and digest; a registry may have a port. */
  private static String repository(String image) {
    String name = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }
}
