package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.drill.DrillRequest;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Python has Qdrant's storage engine. */
public final class EngineOptions {
  @Option(
      names = "--engine-python",
      paramLabel = "PATH",
      description =
          "A Python with the package qdrant-edge-py, Qdrant's storage engine"
              + " (default: python3).")
  public @Nullable Path enginePython;

  /** Whether the user names one. */
  public boolean isGiven() {
    return enginePython != null;
  }

  /** The Python: the one that is named, or the one on the path, if there is one. */
  public Optional<Path> python(Session session) {
    return enginePython == null
        ? new ProgramSearch(session.host().environment()).find("python3")
        : Optional.of(enginePython.toAbsolutePath().normalize());
  }

  /** The same request with the engine, if there is a Python. */
  public DrillRequest addTo(DrillRequest request, Session session, boolean required) {
    return python(session).map(path -> request.withEngine(path, required)).orElse(request);
  }
}
