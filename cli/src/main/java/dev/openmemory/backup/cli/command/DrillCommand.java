package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.EngineOptions;
import dev.openmemory.backup.cli.settings.ProgramSearch;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.docker.DockerTrial;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drill",
    description =
        "Test that a backup can be restored, with a temporary folder and a temporary Qdrant.")
final class DrillCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The backup (default: latest).")
  @Nullable String name;

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

  DrillCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    if (qdrantBinary != null && (image != null || pull)) {
      throw Kind.INVALID.failure(
          "drill",
          qdrantBinary.toString(),
          "--qdrant-binary cannot be combined with --image or --pull");
    }
    if (engine.isGiven() && (qdrantBinary != null || image != null || pull)) {
      throw new BackupException(
          Kind.INVALID,
          "drill",
          "",
          "--engine-python cannot be combined with --qdrant-binary, --image or --pull");
    }
    return session.withBackups(this::drill);
  }

  private int drill(Backups backups, String location) throws IOException {
    DrillRequest request = request();
    DrillReport report =
        backups.drill(
            session.find(backups, location, name == null ? Session.LATEST : name).name(), request);
    session.terminal().result(session.renderer().drilled(report));
    return switch (report.outcome()) {
      case FAILED -> ExitCodes.VERIFICATION_FAILED;
      case PARTLY -> ExitCodes.WARNINGS;
      case PROVEN -> session.exitCode(report.warnings());
    };
  }

  /** What is named, or else what is there: an image, a program, the storage engine. */
  private DrillRequest request() throws IOException {
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
}
