package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.docker.DockerTrial;
import dev.openmemory.backup.drill.DrillRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What opens the vectors of a backup: a container, a program, or the storage engine. */
public final class TrialOptions {
  @Option(
      names = "--qdrant-binary",
      paramLabel = "PATH",
      description = "Start this Qdrant executable instead of a container.")
  @Nullable Path qdrantBinary;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "Start a container of this image instead of the one recorded in the backup.")
  @Nullable String image;

  @Mixin private EngineOptions engine = new EngineOptions();

  @Option(names = "--pull", description = "Download the image if Docker does not have it.")
  boolean pull;

  /**
   * What is named, or else what is there: an image, a program, the storage engine.
   *
   * @throws BackupException of kind {@code INVALID} when the options contradict each other
   */
  public DrillRequest request(Session session, String operation) throws IOException {
    requireOne(operation);
    if (qdrantBinary != null) {
      return DrillRequest.STANDARD.withBinary(qdrantBinary);
    }
    if (engine.isGiven()) {
      return engine.addTo(DrillRequest.STANDARD, session, true);
    }
    Map<String, String> environment = session.host().environment();
    DrillRequest request = DrillRequest.STANDARD;
    try {
      request =
          request.withServer(DockerTrial.server(Optional.ofNullable(image), pull, environment));
    } catch (BackupException e) {
      if (image != null || pull || e.kind() == Kind.INVALID) {
        throw e;
      }
      session.terminal().note("No container can be started: " + e.getMessage());
    }
    if (image != null || pull) {
      return request;
    }
    Optional<Path> program = new ProgramSearch(environment).find("qdrant");
    if (program.isPresent()) {
      request = request.withBinary(program.get(), false);
    }
    return engine.addTo(request, session, false);
  }

  private void requireOne(String operation) throws BackupException {
    if (qdrantBinary != null && (image != null || pull)) {
      throw Kind.INVALID.failure(
          operation,
          qdrantBinary.toString(),
          "--qdrant-binary cannot be combined with --image or --pull");
    }
    if (engine.isGiven() && (qdrantBinary != null || image != null || pull)) {
      throw new BackupException(
          Kind.INVALID,
          operation,
          "",
          "--engine-python cannot be combined with --qdrant-binary, --image or --pull");
    }
  }
}
