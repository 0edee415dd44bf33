package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RunningQdrant;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.Environment;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import dev.openmemory.backup.spi.optional.ReportsVersion;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A server that writes nothing as long as a file {@code pause} is in its folder. */
record SignalFileControl(Path folder, URI qdrant)
    implements WriterControl, OpensVectorStore, ReportsVersion, ReportsEnvironment {
  private Path signal() {
    return folder.resolve("pause");
  }

  @Override
  public List<Writer> running() {
    return Files.exists(signal())
        ? List.of()
        : List.of(new Writer(folder.toString(), "memory server"));
  }

  @Override
  public Map<String, Facts> observe(Writer writer, Cancellation cancellation) throws IOException {
    return storeVersion(cancellation)
        .map(v -> Map.of(Component.VECTORS, new Facts(Map.of("qdrantVersion", v))))
        .orElse(Map.of());
  }

  @Override
  public Optional<String> storeVersion(Cancellation cancellation) throws IOException {
    if (storeLocation().isEmpty()) {
      return Optional.empty();
    }
    try (VectorStore store = RunningQdrant.at(qdrant, Optional.empty(), cancellation)) {
      return Optional.of(store.version());
    } catch (BackupException e) {
      // A backup without the version is better than none.
      cancellation.check();
      return Optional.empty();
    }
  }

  /** Without the folder there is no server. */
  @Override
  public Optional<String> storeLocation() {
    return Files.isDirectory(folder) ? Optional.of(qdrant.toString()) : Optional.empty();
  }

  @Override
  public void hold(Writer writer, Quiesce how, Cancellation cancellation) throws IOException {
    if (how != Quiesce.NONE && !Files.exists(signal())) {
      Files.createFile(signal());
    }
  }

  @Override
  public void resume(Writer writer) throws IOException {
    Files.deleteIfExists(signal());
  }

  @Override
  public void awaitReady(List<Writer> writers, Cancellation cancellation) {
    // It looks for the file before each write.
  }

  @Override
  public Optional<VectorStore> openVectorStore(Cancellation cancellation) throws BackupException {
    return Optional.of(RunningQdrant.at(qdrant, Optional.empty(), cancellation));
  }

  /**
   * The server is started with the variables in a file beside it, one {@code NAME=value} a line.
   */
  @Override
  public Optional<Environment> environment() throws IOException {
    Path file = folder.resolve("server.env");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<String, String> values =
        Files.readAllLines(file).stream()
            .map(line -> line.split("=", 2))
            .filter(parts -> parts.length == 2)
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, b) -> b));
    return Optional.of(Environment.of(file.toString(), values));
  }

  @Override
  public void close() {}
}
