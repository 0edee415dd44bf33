package dev.openmemory.backup.docker;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.docker.internal.EngineOption;
import dev.openmemory.backup.docker.internal.connect.Endpoints;
import dev.openmemory.backup.docker.internal.trial.ContainerServerProvider;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.file.Boundary;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A throw-away Qdrant in a container, for {@link dev.openmemory.backup.Backups#drill}. */
public final class DockerTrial {
  private DockerTrial() {}

  /**
   * One of the engine that the environment leads to; nothing is asked yet.
   *
   * @param image instead of the one that a backup names; then the drill fails when it cannot be
   *     started
   * @param pull whether an image that is missing may be fetched from its registry; then likewise
   * @param environment as of a process: {@code DOCKER_HOST} and the like
   * @throws BackupException with the operation {@code connect to Docker} when no engine is named
   *     that could be asked
   */
  public static DrillRequest.Server server(
      Optional<String> image, boolean pull, Map<String, String> environment)
      throws BackupException {
    Path home = Path.of(System.getProperty("user.home", ""));
    Map<String, String> options = new HashMap<>();
    options.put(
        EngineOption.NAME,
        Boundary.call("connect to Docker", "", () -> Endpoints.find(environment, home).key()));
    options.put(ContainerServerProvider.PULL, String.valueOf(pull));
    image.ifPresent(name -> options.put(ContainerServerProvider.IMAGE, name));
    return new DrillRequest.Server(
        ContainerServerProvider.TYPE, options, pull || image.isPresent());
  }
}
