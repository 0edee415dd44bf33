package dev.openmemory.backup.testconditions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Python with the package {@code qdrant-edge-py}, Qdrant's storage engine. */
public final class EnginePython {
  private EnginePython() {}

  /** The one that was named, or the one on the path; without one the test is skipped. */
  public static Path require() throws InterruptedException {
    List<String> pythons =
        Stream.of(
                System.getProperty("openmemory.qdrantEdgePython"),
                System.getenv("QDRANT_EDGE_PYTHON"),
                "python3")
            .filter(Objects::nonNull)
            .toList();
    for (String python : pythons) {
      if (canImport(python)) {
        return Path.of(python);
      }
    }
    Requires.that(false, "a Python with the package qdrant-edge-py, tried " + pythons);
    throw new AssertionError();
  }

  private static boolean canImport(String python) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import qdrant_edge")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
