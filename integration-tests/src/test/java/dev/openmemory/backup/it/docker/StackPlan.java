package dev.openmemory.backup.it.docker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The parts of a stack, for each way of making one. */
record StackPlan(String project, Layout layout, Path home) {
  static final String STORE = "mem0_store";
  static final String API = "openmemory-mcp";
  static final String UI = "openmemory-ui";

  static final List<String> SERVICES = List.of(STORE, API, UI);

  /** In the environment of a container; never in anything that the product writes or prints. */
  static final String SECRET = "sk-CANARY-container-2222";

  static final String SERVICE_LABEL = Docker.LABEL + ".service";

  static final List<String> UI_COMMAND =
      // A first process without a handler ignores SIGTERM, and would be waited for.
      List.of("sh", "-c", "trap 'exit 0' TERM; sleep 1000000 & wait");

  private static final StackImages IMAGES = StackImages.shared();

  String stackLabel() {
    return Docker.LABEL + ".stack=" + project;
  }

  /** For the sweeps; the product does not look at them. */
  List<String> labels() {
    return List.of(StackImages.RUN_LABEL, stackLabel());
  }

  String image(String service) {
    return switch (service) {
      case STORE -> IMAGES.store();
      case API -> IMAGES.api();
      default -> IMAGES.ui();
    };
  }

  List<String> mounts(String service) {
    return switch (service) {
      case STORE -> layout.storeMounts();
      case API -> layout.apiMounts();
      default -> List.of();
    };
  }

  List<String> environment(String service) {
    if (!service.equals(API)) {
      return List.of();
    }
    List<String> environment = new ArrayList<>();
    environment.add("USER=alice");
    environment.add("QDRANT_HOST=" + STORE);
    environment.add("OPENAI_API_KEY=" + SECRET);
    layout.databaseUrl().ifPresent(url -> environment.add("DATABASE_URL=" + url));
    return environment;
  }

  Path composeFile() {
    return home.resolve("docker-compose.yml");
  }
}
