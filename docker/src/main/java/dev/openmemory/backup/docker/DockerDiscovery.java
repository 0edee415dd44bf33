package dev.openmemory.backup.docker;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.connect.Endpoints;
import dev.openmemory.backup.docker.internal.discovery.Concern;
import dev.openmemory.backup.docker.internal.discovery.DiscoveryInput;
import dev.openmemory.backup.docker.internal.discovery.HostFiles;
import dev.openmemory.backup.docker.internal.discovery.InstallationSearch;
import dev.openmemory.backup.docker.internal.discovery.PlainLayout;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.host.HostPaths;
import dev.openmemory.backup.internal.file.Boundary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Finds the OpenMemory of a folder: by facts, never by fixed names. Changes nothing. */
public final class DockerDiscovery {

  private DockerDiscovery() {}

  private static Path userHome() {
    return Path.of(System.getProperty("user.home", ""));
  }

  /**
   * Asks the engine that the environment leads to.
   *
   * @param home the OpenMemory folder
   * @param environment as of a process: {@code DOCKER_HOST} and the like
   * @throws BackupException with the operation {@code connect to Docker} when there is no engine or
   *     it cannot be asked; of kind {@code INVALID} when several installations are possible; {@code
   *     UNSUPPORTED} when the memories are in a database other than SQLite, or the vectors in a
   *     store other than Qdrant
   */
  public static Discovery find(Path home, DockerOptions options, Map<String, String> environment)
      throws BackupException {
    return Boundary.call(
        "find installation", home.toString(), () -> search(home, options, environment));
  }

  private static Discovery search(Path home, DockerOptions options, Map<String, String> environment)
      throws IOException {
    try (DockerEngine engine = DockerEngine.connect(Endpoints.find(environment, userHome()))) {
      Endpoint endpoint = engine.endpoint();
      Path absolute = home.toAbsolutePath().normalize();
      HostPaths paths = HostPaths.of(engine);
      DiscoveryInput input =
          new DiscoveryInput(
              absolute,
              options,
              endpoint.key(),
              engine.containers(new Concern(paths.onHost(absolute), options)),
              engine.volumes(),
              paths,
              HostFiles.ofThisHost(),
              (container, path) -> content(engine, container, path),
              environment);
      Discovery found = new InstallationSearch(input).find();
      return new Discovery(
          found.installation(),
          found.findings(),
          found.warnings(),
          Optional.of(new Discovery.Engine(engine.version(), endpoint.uri(), endpoint.origin())),
          found.containers());
    }
  }

  private static Optional<InputStream> content(DockerEngine engine, String container, String path)
      throws IOException {
    try {
      Optional<InputStream> tar = engine.files().readFile(container, path);
      if (tar.isEmpty()) {
        return Optional.empty();
      }
      TarArchiveInputStream entries = new TarArchiveInputStream(tar.get());
      entries.getNextEntry();
      return Optional.of(entries);
    } catch (BackupException e) {
      if (e.kind() == Kind.INVALID) {
        // The engine makes a directory of a file that is mounted and missing.
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The installation as plain directories on this host, without asking any engine.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when the memories are in a database other
   *     than SQLite, or the vectors in a store other than Qdrant
   */
  public static Discovery withoutEngine(Path home, DockerOptions options) throws BackupException {
    return Boundary.call(
        "find installation",
        home.toString(),
        () ->
            PlainLayout.of(
                home.toAbsolutePath().normalize(),
                options,
                HostFiles.ofThisHost(),
                "default location (Docker was not reachable)"));
  }
}
