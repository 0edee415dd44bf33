package dev.openmemory.backup.docker.internal.host;

import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the container that this process runs in. Engines mount files into each container that are
 * in a folder with the id of the container, and the table of mounts has their paths. A container
 * that uses the network of another has the files of the other, so all mounts of a container have to
 * be in the table too.
 *
 * @param table the lines of {@code /proc/self/mountinfo}
 * @param real resolves symbolic links: the table has none
 */
record OwnContainer(List<String> table, UnaryOperator<String> real) {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  /** Id, parent, device, then the path in its file system and the place (proc(5)). */
  private static final Pattern LINE = Pattern.compile("\\S+ \\S+ \\S+ (\\S+) (\\S+) .*");

  private static final Pattern FILE =
      Pattern.compile("(?:.*/)?([0-9a-f]{64})/(?:userdata/)?(?:hostname|hosts|resolv\\.conf)");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
  private static final int OCTAL = 8;

  /** Asks for a container by its id. */
  interface Inspection {
    Optional<Container> of(String id) throws IOException;
  }

  /** The one of this process; empty when it is not in a container of the engine. */
  static Optional<Container> find(DockerEngine engine) throws IOException {
    return new OwnContainer(tableOfThisProcess(), OwnContainer::resolved).among(engine::container);
  }

  /** The one that the table is of. */
  Optional<Container> among(Inspection engine) throws IOException {
    for (String id : ids()) {
      Optional<Container> found = engine.of(id).filter(this::hasItsMounts);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Set<String> ids() {
    return lines()
        .filter(line -> line.group(2).startsWith("/etc/"))
        .map(line -> FILE.matcher(line.group(1)))
        .filter(file -> file.matches())
        .map(file -> file.group(1))
        .collect(Collectors.toSet());
  }

  private boolean hasItsMounts(Container container) {
    Set<String> places = lines().map(line -> plain(line.group(2))).collect(Collectors.toSet());
    List<String> mounted = container.mounts().stream().map(Mount::destination).toList();
    return !mounted.isEmpty() && mounted.stream().map(real).allMatch(places::contains);
  }

  private Stream<MatchResult> lines() {
    return table.stream()
        .map(LINE::matcher)
        .filter(line -> line.matches())
        .map(line -> line.toMatchResult());
  }

  private static String plain(String escaped) {
    return ESCAPE
        .matcher(escaped)
        .replaceAll(code -> Matcher.quoteReplacement(character(code.group(1))));
  }

  private static String character(String code) {
    return String.valueOf((char) Integer.parseInt(code, OCTAL));
  }

  private static List<String> tableOfThisProcess() {
    try {
      return Files.readAllLines(TABLE);
    } catch (IOException e) {
      // Not Linux, so not a container of the kernel of an engine.
      return List.of();
    }
  }

  private static String resolved(String path) {
    try {
      return Path.of(path).toRealPath().toString();
    } catch (IOException e) {
      return path;
    }
  }
}
