package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
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

  /** The versions of Qdrant with storages that it has read, by the minor version of the package. */
  private static final Map<String, Set<String>> TRIED =
      Map.of("0.6", Set.of("1.18"), "0.8", Set.of("1.18"), "0.9", Set.of("1.18"));

  /**
   * Asks the Python.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such program, {@code
   *     INVALID} when it is none that can be run, {@code UNSUPPORTED} when it cannot load the
   *     package
   */
  static StorageEngine of(Path python, RunContext context) throws IOException {
    try (EngineProcess process =
        EngineProcess.start(python, List.of("version"), context.scratch(), context, START)) {
      EngineAnswer answer = process.next();
      if (answer instanceof EngineAnswer.Version version) {
        return new StorageEngine(python, version.version());
      }
      throw unusable(python, reason(answer));
    } catch (NoVerdict e) {
      throw e.kind() == Kind.FAILED || e.kind() == Kind.TIMEOUT ? unusable(python, e.fact()) : e;
    }
  }

  private static String reason(EngineAnswer answer) {
    if (!(answer instanceof EngineAnswer.Failure failure)) {
      return "it does not report the version of " + PACKAGE;
    }
    return (failure.isMissingModule()
            ? "this Python has no package " + PACKAGE
            : "this Python cannot load the package " + PACKAGE)
        + ": "
        + failure.text();
  }

  private static BackupException unusable(Path python, String reason) {
    return new BackupException(
        Kind.UNSUPPORTED, EngineProcess.OPERATION, python.toString(), reason);
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
