package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Paths where something is mounted, as Linux lists them. A rename can neither move such a path nor
 * replace it. On other systems none is known.
 */
record MountPoints(Set<Path> paths) {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int POINT = 4;

  /** The present ones. */
  static MountPoints now() {
    try {
      return parse(Files.readString(TABLE, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return new MountPoints(Set.of());
    }
  }

  /**
   * Reads the kernel's table.
   *
   * @param table one character a byte
   */
  static MountPoints parse(String table) {
    Set<Path> paths = new HashSet<>();
    for (String line : table.split("\n", -1)) {
      String[] fields = line.split(" ", -1);
      if (fields.length > POINT) {
        path(fields[POINT]).ifPresent(paths::add);
      }
    }
    return new MountPoints(paths);
  }

  /** Spaces, tabs, line feeds and backslashes are written as octal numbers. */
  private static Optional<Path> path(String field) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < field.length(); i++) {
      boolean escaped = field.startsWith("\\", i) && i + 3 < field.length();
      bytes.write(escaped ? Integer.parseInt(field.substring(i + 1, i + 4), 8) : field.charAt(i));
      i += escaped ? 3 : 0;
    }
    try {
      return Optional.of(Path.of(bytes.toString(StandardCharsets.UTF_8)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * Refuses when an entry that is to be replaced is one of them.
   *
   * @param names in the directory; null for all that is in it
   * @throws BackupException of kind {@code UNSUPPORTED}
   */
  void requireNone(Path directory, @Nullable List<String> names) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Path real = directory.toRealPath();
    for (Path path : paths) {
      if (real.equals(path.getParent())
          && (names == null || names.contains(String.valueOf(path.getFileName())))) {
        throw Kind.UNSUPPORTED.failure(
            "replace",
            directory.resolve(path.getFileName()).toString(),
            "is a mount point, so nothing can take its place");
      }
    }
  }
}
