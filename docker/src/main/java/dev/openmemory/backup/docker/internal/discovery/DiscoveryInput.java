package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.DockerOptions;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Volume;
import dev.openmemory.backup.docker.internal.host.HostPaths;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a decision is made from.
 *
 * @param home absolute
 * @param options what a person said
 * @param engine finds the engine again
 * @param containers all of the engine
 * @param volumes all of the engine
 * @param paths where this process finds the files of the engine's host
 * @param files of this host
 * @param containerFiles of the engine's containers
 * @param environment of this process
 */
public record DiscoveryInput(
    Path home,
    DockerOptions options,
    String engine,
    List<Container> containers,
    List<Volume> volumes,
    HostPaths paths,
    HostFiles files,
    ContainerFiles containerFiles,
    Map<String, String> environment) {
  static final String PROJECT_LABEL = "com.docker.compose.project";
  static final String SERVICE_LABEL = "com.docker.compose.service";
  static final String VOLUME_LABEL = "com.docker.compose.volume";
  static final String WORKING_DIR_LABEL = "com.docker.compose.project.working_dir";

  /**
   * Copies the lists, without containers that were made for one command, and without the one that
   * this process runs in.
   */
  public DiscoveryInput {
    containers =
        containers.stream()
            .filter(c -> !c.label("com.docker.compose.oneoff").equalsIgnoreCase("true"))
            .filter(c -> !paths.isOwn(c))
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

  /** The Compose project of the home, for when no container has its label. */
  ComposeProject project() {
    return new ComposeProject(home, homeOnHost().orElse(home), files, environment);
  }

  /** What the engine's host calls the home. */
  Optional<Path> homeOnHost() {
    return paths.onHost(home).map(Path::of);
  }

  /** Whether the home is an OpenMemory folder of its own, in whatever state. */
  boolean homeIsAnInstallation() {
    Path api = home.resolve("api");
    return files.exists(api.resolve("openmemory.db"))
        || files.exists(api.resolve("config.json"))
        || files.exists(home.resolve("qdrant-storage"))
        || project().exists();
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
