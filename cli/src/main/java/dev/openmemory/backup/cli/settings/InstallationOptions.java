package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.docker.DockerOptions;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the parts of the installation are, and which of them are meant. */
public final class InstallationOptions {
  @Option(
      names = "--storage-path",
      paramLabel = "DIR",
      description =
          "The directory that Qdrant stores in (default: found by its container, else"
              + " <home>/qdrant-storage).")
  @Nullable Path storagePath;

  @Option(
      names = "--db",
      paramLabel = "FILE",
      description =
          "The SQLite database (default: found by its container, else <home>/api/openmemory.db).")
  @Nullable Path database;

  @Option(
      names = "--config-json",
      paramLabel = "FILE",
      description =
          "The configuration of OpenMemory (default: found by its container, else"
              + " <home>/api/config.json).")
  @Nullable Path configJson;

  @Option(
      names = "--volume",
      paramLabel = "NAME",
      description = "The Docker volume with the vectors (default: the one that Qdrant writes to).")
  @Nullable String volume;

  @Option(
      names = "--container",
      paramLabel = "NAME",
      description = "The container of Qdrant, by name or id (default: found).")
  @Nullable String container;

  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "The Compose project (default: the one of the OpenMemory folder).")
  @Nullable String project;

  @Option(
      names = "--only",
      paramLabel = "COMPONENT",
      split = ",",
      description = "Only these components: database, config, vectors (separated by commas).")
  public Set<String> only = new LinkedHashSet<>();

  @Option(
      names = "--qdrant",
      paramLabel = "HOW",
      description =
          "How to handle the vectors: volume (copy Qdrant's files), snapshot (a"
              + " running Qdrant makes and restores snapshots) or auto (default).")
  Qdrant qdrant = Qdrant.AUTO;

  public @Mixin QdrantOptions server = new QdrantOptions();

  /** For a restore. */
  public boolean replaceCollections;

  /** For a restore. */
  public boolean anyQdrantVersion;

  /** Whether a person says where the files of Qdrant are. */
  boolean namesFiles() {
    return storagePath != null || volume != null;
  }

  boolean wantsVectors() {
    return only.isEmpty() || only.contains(Component.VECTORS);
  }

  DockerOptions forDocker(Optional<Snapshots> snapshots) {
    return new DockerOptions(
        Optional.ofNullable(volume),
        Optional.ofNullable(container),
        Optional.ofNullable(project),
        Optional.ofNullable(database),
        Optional.ofNullable(configJson),
        Optional.ofNullable(storagePath),
        snapshots,
        Optional.ofNullable(server.apiKeyFile),
        only);
  }
}
