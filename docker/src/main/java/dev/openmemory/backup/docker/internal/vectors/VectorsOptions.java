package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.EngineOption;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.control.QdrantKeys;
import dev.openmemory.backup.spi.ProviderOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The options of {@link QdrantVolumeSourceProvider}.
 *
 * @param container the name of Qdrant's
 * @param path of the storage in the container
 * @param volume the name of the one that the storage is in
 * @param keys for Qdrant, when it is asked after a restore
 * @param project the compose project that a volume which has to be created belongs to
 */
record VectorsOptions(
    Endpoint engine,
    Optional<String> container,
    String path,
    Optional<String> volume,
    Optional<String> project,
    Path work,
    QdrantKeys keys) {
  private static final String STORAGE = "/qdrant/storage";

  static VectorsOptions of(ProviderOptions options) throws BackupException {
    options.allow(
        Set.of(
            EngineOption.NAME,
            "container",
            "path",
            "volume",
            "project",
            "work",
            QdrantKeys.OPTION));
    Optional<String> container = options.text("container");
    Optional<String> volume = options.text("volume");
    if (container.isEmpty() && volume.isEmpty()) {
      throw Kind.INVALID.failure(
          "options of " + options.owner(), "", "neither 'container' nor 'volume' is given");
    }
    return new VectorsOptions(
        EngineOption.of(options),
        container,
        options.text("path").orElse(STORAGE),
        volume,
        options.text("project"),
        options.path("work").toAbsolutePath().normalize(),
        QdrantKeys.of(options));
  }
}
