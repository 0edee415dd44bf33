package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.qdrant.QdrantVersion;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Qdrant's own storage engine, the Python package {@code qdrant-edge-py}, which needs no server.
 *
 * @param python that can import it
 * @param version of the package
 */
record StorageEngine(Path python, String version) {
  /** What it is called in reports. */
  static final String PACKAGE = "qdrant-edge-py";

  private static final Duration START = Duration.ofMinutes(1);

  /** By the minor version of the package: those of Qdrant with whose storages it was tried. */
  private static final Map<String, Set<String>> TRIED =
      Map.of("0.6", Set.of("1.18"), "0.8", Set.of("1.18"), "0.9", Set.of("1.18"));

  /**
   * Asks the Python.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such program, {@code
   *     UNSUPPORTED} when it has not got the package
   */
  static StorageEngine of(Path python, RunContext context) throws IOException {
    try (EngineProcess process =
        EngineProcess.start(python, List.of("version"), context.scratch(), context, START)) {
      JsonObject answer = process.next();
      if (!answer.has("version")) {
        throw new BackupException(
            Kind.UNSUPPORTED,
            EngineProcess.OPERATION,
            python.toString(),
            "this Python has no package " + PACKAGE);
      }
      return new StorageEngine(python, answer.string("version"));
    }
  }

  String describe() {
    return PACKAGE + " " + version + ", the storage engine of Qdrant";
  }

  /** Whether it is known to read storages of that version of Qdrant. */
  boolean wasTriedWith(String qdrant) {
    return QdrantVersion.parse(qdrant)
        .filter(made -> tried().contains(made.major() + "." + made.minor()))
        .isPresent();
  }

  private Set<String> tried() {
    return QdrantVersion.parse(version)
        .map(own -> TRIED.getOrDefault(own.major() + "." + own.minor(), Set.of()))
        .orElse(Set.of());
  }
}
