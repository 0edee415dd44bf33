package dev.openmemory.backup.docker;

import dev.openmemory.backup.Installation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a person says about an installation, which wins over what is found.
 *
 * @param volume the name of the volume with the vectors
 * @param container the name or id of the container of Qdrant
 * @param project the Compose project
 * @param database the SQLite database on this host
 * @param configJson the configuration on this host
 * @param storagePath the directory on this host that Qdrant stores in
 * @param snapshots that the vectors are taken from a running Qdrant; without addresses it is the
 *     container that is found
 * @param apiKeyFile holds the key of Qdrant, where its container's environment does not
 * @param only the components that are wanted ({@code database}, {@code config}, {@code vectors});
 *     empty for all; what is not wanted cannot make the search fail
 */
public record DockerOptions(
    Optional<String> volume,
    Optional<String> container,
    Optional<String> project,
    Optional<Path> database,
    Optional<Path> configJson,
    Optional<Path> storagePath,
    Optional<Installation.Snapshots> snapshots,
    Optional<Path> apiKeyFile,
    Set<String> only) {
  /** Nothing is said. */
  public static final DockerOptions NONE =
      new DockerOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Set.of());

  /** Copies the set. */
  public DockerOptions {
    only = Set.copyOf(only);
  }

  /** Whether the component is wanted. */
  public boolean wants(String component) {
    return only.isEmpty() || only.contains(component);
  }

  /** The same with the vectors in that volume. */
  public DockerOptions withVolume(String name) {
    return with(now -> now.volume = Optional.of(name));
  }

  /** The same with Qdrant in that container. */
  public DockerOptions withContainer(String nameOrId) {
    return with(now -> now.container = Optional.of(nameOrId));
  }

  /** The same in that Compose project. */
  public DockerOptions withProject(String name) {
    return with(now -> now.project = Optional.of(name));
  }

  /** The same with the database in that file. */
  public DockerOptions withDatabase(Path file) {
    return with(now -> now.database = Optional.of(file));
  }

  /** The same with the configuration in that file. */
  public DockerOptions withConfigJson(Path file) {
    return with(now -> now.configJson = Optional.of(file));
  }

  /** The same with the vectors in that directory. */
  public DockerOptions withStoragePath(Path directory) {
    return with(now -> now.storagePath = Optional.of(directory));
  }

  /** The same with the vectors of a running Qdrant. */
  public DockerOptions withSnapshots(Installation.Snapshots of) {
    return with(now -> now.snapshots = Optional.of(of));
  }

  /** The same with the key of Qdrant in that file. */
  public DockerOptions withApiKeyFile(Path file) {
    return with(now -> now.apiKeyFile = Optional.of(file));
  }

  /** The same for these components alone. */
  public DockerOptions withOnly(Set<String> components) {
    return with(now -> now.only = components);
  }

  private DockerOptions with(Consumer<Changed> change) {
    Changed now = new Changed();
    change.accept(now);
    return new DockerOptions(
        now.volume,
        now.container,
        now.project,
        now.database,
        now.configJson,
        now.storagePath,
        now.snapshots,
        now.apiKeyFile,
        now.only);
  }

  /** These options, of which one is about to be another. */
  private final class Changed {
    private Optional<String> volume = DockerOptions.this.volume;
    private Optional<String> container = DockerOptions.this.container;
    private Optional<String> project = DockerOptions.this.project;
    private Optional<Path> database = DockerOptions.this.database;
    private Optional<Path> configJson = DockerOptions.this.configJson;
    private Optional<Path> storagePath = DockerOptions.this.storagePath;
    private Optional<Installation.Snapshots> snapshots = DockerOptions.this.snapshots;
    private Optional<Path> apiKeyFile = DockerOptions.this.apiKeyFile;
    private Set<String> only = DockerOptions.this.only;
  }
}
