package dev.openmemory.backup.it.docker;

import dev.openmemory.backup.sample.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Homes of stacks that outlive a test. They go when the JVM ends. */
final class StackHomes {
  private static final Path ALL = folder();

  private StackHomes() {}

  static Path make() {
    try {
      return Files.createTempDirectory(ALL, "stack").resolve("openmemory");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Deletes what tests left in a home and beside it, but not what containers are bound to, nor what
   * they were made of.
   */
  static void clear(Path home, Path composeFile) {
    List<Path> kept = List.of(home, home.resolve("api"), composeFile);
    try (Stream<Path> inside = Files.list(home);
        Stream<Path> beside = Files.list(home.resolveSibling(""))) {
      for (Path file :
          Stream.concat(inside, beside).filter(file -> !kept.contains(file)).toList()) {
        FileTree.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void deleteAll() {
    try {
      FileTree.delete(ALL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("stacks");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
