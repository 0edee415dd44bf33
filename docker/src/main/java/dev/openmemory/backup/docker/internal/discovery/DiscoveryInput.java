package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * All that a decision is made from.
 *
 * @param home absolute
 * @param options what a person said
 * @param engine finds the engine again
 * @param containers all of the engine
 * @param volumes all of the engine
 * @param isThisHost whether paths and locks of containers are those of this host
 * @param sharesPaths whether the engine's host paths mean the folders of this host
 * @param files of this host
 * @param containerFiles of the engine's containers
 */
public record DiscoveryInput(
    Path home,
    DockerOptions options,
    String engine,
    List<Container> containers,
    List<Volume> volumes,
    boolean isThisHost,
    boolean sharesPaths,
    HostFiles files,
    ContainerFiles containerFiles) {
  static final String PROJECT_LABEL = "com.docker.compose.project";
  static final String SERVICE_LABEL = "com.docker.compose.service";
  static final String VOLUME_LABEL = "com.docker.compose.volume";
  static final String WORKING_DIR_LABEL = "com.docker.compose.project.working_dir";

  private static final List<String> COMPOSE_FILES =
      List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");

  /** Copies the lists, without containers that were made for one command. */
  public DiscoveryInput {
    containers =
        containers.stream()
            .filter(c -> !c.label("com.docker.compose.oneoff").equalsIgnoreCase("true"))
            .toList();
    volumes = List.copyOf(volumes);
  }

  Optional<Volume> volume(String name) {
    return volumes.stream().filter(v -> v.name().equals(name)).findFirst();
  }

  /** The Compose project of a container, or empty text. */
  static String project(Container container) {
    return container.label(PROJECT_LABEL);
  }

  /** What Compose calls a project in the home when nobody says otherwise. */
  String defaultProject() {
    Path folder = home.getFileName();
    String name = folder == null ? "" : folder.toString().toLowerCase(Locale.ROOT);
    return name.replaceAll("[^a-z0-9_-]", "").replaceAll("^[_-]+", "");
  }

  boolean homeIsComposeProject() {
    return COMPOSE_FILES.stream().anyMatch(name -> files.exists(home.resolve(name)));
  }

  /** Whether the home is an OpenMemory folder of its own, in whatever state. */
  boolean homeIsInhabited() {
    Path api = home.resolve("api");
    return files.exists(api.resolve("openmemory.db"))
        || files.exists(api.resolve("config.json"))
        || files.exists(home.resolve("qdrant-storage"))
        || homeIsComposeProject();
  }

  /** The file with the key of Qdrant that a person named. */
  Optional<String> keyFile() {
    return options.apiKeyFile().map(file -> file.toAbsolutePath().normalize().toString());
  }

  /** Where restores of files in containers keep what they need. */
  String workFolder() {
    return home.resolve(".openmemory-backup").toString();
  }
}
