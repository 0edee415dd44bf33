package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.internal.file.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where an installation was backed up last. Containers have neither a machine nor a path of their
 * host, and must not count as another place each time.
 *
 * @param machine empty where the system does not say
 * @param home without symbolic links
 */
record InstallationPlace(String machine, Path home) {
  private static final String FILE = "installation-place";

  /** Empty for a home that no version with places has backed up. */
  static Optional<InstallationPlace> read(Path home) throws IOException {
    Path file = WorkFolder.of(home).resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    return lines.size() < 2
        ? Optional.empty()
        : Optional.of(
            new InstallationPlace(lines.get(0), home.getFileSystem().getPath(lines.get(1))));
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
