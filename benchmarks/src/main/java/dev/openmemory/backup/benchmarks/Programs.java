package dev.openmemory.backup.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this host has. */
final class Programs {
  private Programs() {}

  static boolean isInstalled(String name) {
    return Stream.of(searched().split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** The folders that programs are looked for in. */
  static String searched() {
    return System.getenv().getOrDefault("PATH", "");
  }
}
