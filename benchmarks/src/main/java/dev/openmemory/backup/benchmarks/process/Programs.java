package dev.openmemory.backup.benchmarks.process;

import dev.openmemory.backup.benchmarks.report.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What this host has. */
public final class Programs {
  private Programs() {}

  public static Optional<Path> find(String name) {
    return Stream.of(searched().split(":", -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public static boolean isInstalled(String name) {
    return find(name).isPresent();
  }

  /** Says so when it is. */
  public static boolean isMissing(String name) {
    boolean missing = !isInstalled(name);
    if (missing) {
      Output.line("  not measured: %s is missing", name);
    }
    return missing;
  }

  /**
   * The folders that programs are looked for in; servers, too, which users have none of in theirs.
   */
  public static String searched() {
    return System.getenv().getOrDefault("PATH", "") + ":/usr/sbin";
  }
}
