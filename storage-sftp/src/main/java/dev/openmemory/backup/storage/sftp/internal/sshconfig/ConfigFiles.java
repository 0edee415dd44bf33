package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.storage.sftp.internal.settings.ClientEnvironment;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads ssh_config where the program ssh is missing: {@code Host}, {@code Include} and the keywords
 * of {@link HostValues}. What else changes a connection is refused, and named.
 *
 * @param only a file in place of the user's and the system's; null for these
 */
record ConfigFiles(@Nullable Path only, ClientEnvironment local) {
  /** As in ssh. */
  private static final int DEEPEST_INCLUDE = 16;

  /** Gives the lines for the host to the values. */
  void read(HostValues values) throws BackupException {
    if (only != null) {
      requireReadable(only);
      new Reading(values, local.folder()).file(only, 0);
    } else {
      new Reading(values, local.folder()).file(local.folder().resolve("config"), 0);
      new Reading(values, local.system()).file(local.system().resolve("ssh_config"), 0);
    }
  }

  /** Refuses a file that the option names and that cannot be read. */
  static void requireReadable(Path file) throws BackupException {
    if (!Files.isReadable(file)) {
      throw SftpOptions.invalid("'ssh-config' cannot be read: " + file);
    }
  }

  private static List<String> lines(Path file) throws BackupException {
    try {
      // Bytes that are no UTF-8, say in a comment, are no reason to fail.
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw FileFailure.of("read ssh_config", file, e);
    }
  }

  /** Goes through a file and what it includes. */
  private static final class Reading {
    private final HostValues values;
    private final Path folder;

    /** Whether the lines are for this host. */
    private boolean active = true;

    /** Relative names in {@code Include} are in that folder. */
    Reading(HostValues values, Path folder) {
      this.values = values;
      this.folder = folder;
    }

    void file(Path file, int depth) throws BackupException {
      if (!Files.exists(file)) {
        return;
      }
      if (depth > DEEPEST_INCLUDE) {
        throw Kind.INVALID.failure("read ssh_config", file.toString(), "is included too deeply");
      }
      for (ConfigLine line : ConfigLine.parse(file, lines(file))) {
        switch (line.keyword()) {
          case "host" -> active = NamePattern.matchesList(values.host(), arguments(line));
          case "match" -> throw line.unsupported();
          case "include" -> include(line, depth);
          default -> {
            if (active) {
              values.readWritten(line);
            }
          }
        }
      }
    }

    private List<String> arguments(ConfigLine line) throws BackupException {
      line.argument();
      return line.arguments();
    }

    /** What is included can end with another host's lines, and does not reach beyond its file. */
    private void include(ConfigLine line, int depth) throws BackupException {
      boolean before = active;
      for (String name : arguments(line)) {
        if (!before) {
          return;
        }
        for (Path file : files(name)) {
          file(file, depth + 1);
          active = before;
        }
      }
    }

    private List<Path> files(String name) throws BackupException {
      Path path = folder.resolve(values.tokens().path(name)).normalize();
      Path parent = path.getParent();
      String pattern = String.valueOf(path.getFileName());
      if (parent == null || !Files.isDirectory(parent)) {
        return List.of();
      }
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      try (Stream<Path> siblings = Files.list(parent)) {
        return siblings
            .filter(file -> matcher.matches(file.getFileName()))
            // A star is not for hidden files.
            .filter(
                file -> pattern.startsWith(".") || !file.getFileName().toString().startsWith("."))
            .sorted()
            .toList();
      } catch (IOException e) {
        throw FileFailure.of("read ssh_config", parent, e);
      }
    }
  }
}
