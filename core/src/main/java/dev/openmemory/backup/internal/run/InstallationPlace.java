package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.internal.file.DurableFile;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an installation was backed up last. Containers have neither a machine nor a path of their
 * host, and must not count as another place each time.
 *
 * @param machine empty where the system does not say
 * @param home without symbolic links
 */
record InstallationPlace(String machine, Path home) {
  private static final Logger LOG = LoggerFactory.getLogger(InstallationPlace.class);
  private static final String FILE = "installation-place";

  /**
   * Empty for a home that no version with places has backed up, and for a place that is no path.
   */
  static Optional<InstallationPlace> read(Path home) throws IOException {
    Path file = WorkFolder.of(home).resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.size() < 2
          ? Optional.empty()
          : Optional.of(
              new InstallationPlace(lines.get(0), home.getFileSystem().getPath(lines.get(1))));
    } catch (MalformedInputException | InvalidPathException e) {
      LOG.debug("{} names no place that this process can spell", file, e);
      return Optional.empty();
    }
  }

  void write() throws IOException {
    DurableFile.write(
        WorkFolder.of(home).resolve(FILE),
        (machine + "\n" + home + "\n").getBytes(StandardCharsets.UTF_8));
  }

  boolean isOnAnotherMachineThan(InstallationPlace other) {
    return !machine.isEmpty() && !other.machine.isEmpty() && !machine.equals(other.machine);
  }

  /** Whether both are there, and are two folders. */
  boolean isBeside(InstallationPlace other) throws IOException {
    return Files.isDirectory(other.home) && !Files.isSameFile(home, other.home);
  }
}
