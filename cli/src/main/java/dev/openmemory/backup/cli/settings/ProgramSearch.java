package dev.openmemory.backup.cli.settings;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds programs in the directories of the variable {@code PATH}. */
public record ProgramSearch(Map<String, String> environment) {
  /** The first executable file of that name. */
  public Optional<Path> find(String name) {
    String path = environment.getOrDefault("PATH", "");
    return Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
        .filter(directory -> !directory.isEmpty())
        .flatMap(directory -> in(directory, name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private static Stream<Path> in(String directory, String name) {
    try {
      return Stream.of(Path.of(directory, name).toAbsolutePath());
    } catch (InvalidPathException e) {
      return Stream.empty();
    }
  }
}
