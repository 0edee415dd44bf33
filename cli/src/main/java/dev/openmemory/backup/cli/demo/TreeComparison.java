package dev.openmemory.backup.cli.demo;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Two directories, each entry's kind, bytes, mode and time of change held against the other.
 *
 * @param files in the expected directory
 * @param bytes of these files
 * @param differences empty when both hold the same
 */
record TreeComparison(int files, long bytes, List<String> differences) {
  private static final String FACTS =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? "posix:isDirectory,isRegularFile,permissions,lastModifiedTime"
          : "isDirectory,isRegularFile,lastModifiedTime";

  /** What Qdrant clears when it starts, and where a restore keeps the state from before. */
  private static final Set<String> NO_DATA = Set.of("tmp", ".deleted", ".openmemory-backup");

  TreeComparison {
    differences = List.copyOf(differences);
  }

  /** Compares them. */
  static TreeComparison of(Path expected, Path actual) throws IOException {
    SortedMap<String, Path> wanted = entries(expected);
    SortedMap<String, Path> found = entries(actual);
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(wanted.keySet());
    names.addAll(found.keySet());
    int files = 0;
    long bytes = 0;
    for (String name : names) {
      Path one = wanted.get(name);
      Path other = found.get(name);
      if (one == null || other == null) {
        differences.add(name + (one == null ? " is too many" : " is missing"));
        continue;
      }
      if (Files.isRegularFile(one)) {
        files++;
        bytes += Files.size(one);
      }
      difference(one, other).ifPresent(d -> differences.add(name + ": " + d));
    }
    return new TreeComparison(files, bytes, differences);
  }

  private static Optional<String> difference(Path expected, Path actual) throws IOException {
    Map<String, Object> wanted = Files.readAttributes(expected, FACTS, LinkOption.NOFOLLOW_LINKS);
    Map<String, Object> found = Files.readAttributes(actual, FACTS, LinkOption.NOFOLLOW_LINKS);
    if (!wanted.equals(found)) {
      return Optional.of(found + " instead of " + wanted);
    }
    long firstDifference = Files.isRegularFile(expected) ? Files.mismatch(expected, actual) : -1;
    return firstDifference < 0
        ? Optional.empty()
        : Optional.of("differs from byte " + firstDifference);
  }

  /** All below the root, which may be a mount point and is not restored. */
  private static SortedMap<String, Path> entries(Path root) throws IOException {
    SortedMap<String, Path> entries = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.filter(path -> !path.equals(root))
          .map(root::relativize)
          .filter(name -> !NO_DATA.contains(name.getName(0).toString()))
          .forEach(name -> entries.put(name.toString(), root.resolve(name)));
    }
    return entries;
  }
}
