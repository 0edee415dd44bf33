package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.docker.internal.EngineOption;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.WriterControlProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds containers.
 *
 * <p>Options: {@code engine}, the endpoint (required); {@code containers}, their names, separated
 * by commas, in the order in which they are held; {@code store}, the name of Qdrant's among them;
 * {@code api}, that of OpenMemory's; {@code api-key-file}, which holds the key of Qdrant where the
 * environment of its container does not.
 */
public final class DockerWriterControlProvider implements WriterControlProvider {
  @Override
  public String type() {
    return "docker";
  }

  @Override
  public WriterControl open(ProviderOptions options) throws BackupException {
    options.allow(Set.of(EngineOption.NAME, "containers", "store", "api", QdrantKeys.OPTION));
    List<String> names =
        Arrays.stream(options.text("containers").orElse("").split(","))
            .filter(name -> !name.isBlank())
            .toList();
    Optional<String> store = options.text("store");
    Endpoint endpoint = EngineOption.of(options);
    return new DockerWriterControl(
        () -> DockerEngine.connect(endpoint),
        names,
        store,
        options.text("api"),
        QdrantKeys.of(options));
  }
}
