package dev.openmemory.backup.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A storage that Qdrant's own engine made, kept for later runs. */
record QdrantStore(Path python) {
  private static final int MINUTES = 120;
  private static final String SCRIPT = "make-store.py";

  /** Empty without a Python that has the engine. */
  static Optional<QdrantStore> find() throws IOException, InterruptedException {
    String named = Objects.requireNonNullElse(System.getenv("QDRANT_EDGE_PYTHON"), "python3");
    boolean found =
        new ProcessBuilder(named, "-c", "import qdrant_edge")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
    return found ? Optional.of(new QdrantStore(Path.of(named))) : Optional.empty();
  }

  /** Of that many vectors of 1,536 floats. */
  Path of(int points) throws IOException, InterruptedException {
    Path cache =
        Path.of(
            Objects.requireNonNullElse(
                System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home") + "/.cache"),
            "openmemory-backup");
    Path store = cache.resolve("benchmark-store-" + points);
    if (Files.exists(store)) {
      return store;
    }
    Path script = Files.createTempFile("openmemory-benchmark-", SCRIPT);
    try (InputStream source =
        Objects.requireNonNull(QdrantStore.class.getResourceAsStream(SCRIPT))) {
      Files.write(script, source.readAllBytes());
      Path unfinished = Files.createTempDirectory(Files.createDirectories(cache), "unfinished-");
      make(script, unfinished.resolve("store"), points);
      Files.move(unfinished.resolve("store"), store);
      Files.delete(unfinished);
      return store;
    } finally {
      Files.delete(script);
    }
  }

  private void make(Path script, Path store, int points) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                python.toString(), script.toString(), store.toString(), Integer.toString(points))
            .inheritIO()
            .start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException("Qdrant's engine did not make the storage");
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
