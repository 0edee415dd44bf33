package dev.openmemory.backup.testkit.qdrant;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a {@link QdrantDouble} as a process of its own, which takes its settings from the
 * environment as Qdrant does and ends with SIGTERM.
 */
public final class QdrantDoubleMain {
  private QdrantDoubleMain() {}

  /** Serves until the process is ended; arguments are not looked at. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    try (QdrantDouble server =
        QdrantDouble.start(
            Path.of(environment.getOrDefault("QDRANT__STORAGE__STORAGE_PATH", "./storage")),
            Path.of(environment.getOrDefault("QDRANT__STORAGE__SNAPSHOTS_PATH", "./snapshots")),
            environment.getOrDefault("QDRANT__SERVICE__HOST", "0.0.0.0"),
            Integer.parseInt(environment.getOrDefault("QDRANT__SERVICE__HTTP_PORT", "6333")))) {
      server.requireKey(environment.getOrDefault("QDRANT__SERVICE__API_KEY", ""));
      server.acceptReadOnlyKey(environment.getOrDefault("QDRANT__SERVICE__READ_ONLY_API_KEY", ""));
      new CountDownLatch(1).await();
    }
  }
}
