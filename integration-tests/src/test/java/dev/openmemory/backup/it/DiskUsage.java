package dev.openmemory.backup.it;

import dev.openmemory.backup.testconditions.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a tree takes on the disk, holes not counted; Java cannot tell, {@code du} can. */
final class DiskUsage {
  private DiskUsage() {}

  static long bytesOnDisk(Path root) throws IOException {
    Requires.that(isThere(), "du");
    Process du = new ProcessBuilder("du", "-sk", root.toString()).redirectErrorStream(true).start();
    try (BufferedReader out = du.inputReader(StandardCharsets.UTF_8)) {
      return Long.parseLong(out.readLine().split("\\s", 2)[0]) * 1024;
    }
  }

  private static boolean isThere() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(d -> Files.isExecutable(Path.of(d, "du")));
  }
}
