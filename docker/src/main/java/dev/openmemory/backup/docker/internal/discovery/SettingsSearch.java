package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.config.EnvironmentFile;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the settings that say where data is, wherever OpenMemory reads them. */
final class SettingsSearch {
  private static final String OPERATION = "read settings";
  private static final String ENVIRONMENT_FILE = ".env";

  /** More is not copied for the sake of one row. */
  private static final long LARGEST = 64L << 20;

  private SettingsSearch() {}

  /** Of an API that runs on this host; it looks for the file from its folder upwards. */
  static Variables variables(Path home, HostFiles files) throws BackupException {
    for (Path folder : List.of(home.resolve("api"), home)) {
      Path file = folder.resolve(ENVIRONMENT_FILE);
      Optional<EnvironmentFile> found = files.variables(file);
      if (found.isPresent()) {
        return Variables.NONE.and(file.toString(), found.get());
      }
    }
    return Variables.NONE;
  }

  /** Of the API in a container. */
  static Variables variables(Container api, DiscoveryInput input) throws BackupException {
    Variables own = Variables.of(api);
    String path = ContainerPaths.resolve(api.workingDirectory(), ENVIRONMENT_FILE);
    ContainerLocation at = ContainerLocation.of(api, path);
    Optional<Path> here = at.onHost().flatMap(input.paths()::here);
    Optional<EnvironmentFile> file =
        here.isPresent() ? input.files().variables(here.get()) : Optional.empty();
    if (file.isEmpty()) {
      file = inContainer(api.name(), path, input.containerFiles());
    }
    return file.map(found -> own.and(at.describe(), found)).orElse(own);
  }

  private static Optional<EnvironmentFile> inContainer(
      String container, String path, ContainerFiles files) throws BackupException {
    try {
      Optional<InputStream> content = files.open(container, path);
      if (content.isEmpty()) {
        return Optional.empty();
      }
      try (InputStream in = content.get()) {
        return Optional.of(EnvironmentFile.read(in));
      }
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, Path.of(path), e);
    }
  }

  /**
   * The vector store that the API uses.
   *
   * @param database part of this host
   */
  static StoreSetting store(Part database, Variables variables, HostFiles files) {
    Path file = Path.of(database.options().getOrDefault("path", ""));
    return StoreSetting.of(files.settings(file).flatMap(ConfigDocument::vectorStore), variables);
  }

  /** As the other, of a database that perhaps only a container can reach. */
  static StoreSetting store(Part database, Variables variables, DiscoveryInput input)
      throws BackupException {
    Optional<String> container = Optional.ofNullable(database.options().get("container"));
    if (container.isEmpty()) {
      return store(database, variables, input.files());
    }
    try (TemporaryCopy copy = new TemporaryCopy()) {
      for (String suffix : List.of("", "-wal")) {
        String path = database.options().getOrDefault("path", "") + suffix;
        if (!copy.fetch(suffix, input.containerFiles().open(container.get(), path))) {
          return StoreSetting.of(Optional.empty(), variables);
        }
      }
      return StoreSetting.of(
          input.files().settings(copy.file()).flatMap(ConfigDocument::vectorStore), variables);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, Path.of(System.getProperty("java.io.tmpdir", "")), e);
    }
  }

  /** A database of a container that is looked at once. */
  private record TemporaryCopy(Path file) implements AutoCloseable {
    TemporaryCopy() throws IOException {
      this(Files.createTempDirectory("openmemory-backup-settings-").resolve("openmemory.db"));
    }

    /** Whether it is small enough. Of a larger one the backup looks at the settings in its copy. */
    boolean fetch(String suffix, Optional<InputStream> content) throws IOException {
      if (content.isEmpty()) {
        return true;
      }
      Path copy = file.resolveSibling(file.getFileName() + suffix);
      try (InputStream in = content.get();
          OutputStream out = Files.newOutputStream(copy)) {
        byte[] buffer = new byte[64 << 10];
        long size = 0;
        for (int n = in.read(buffer); n >= 0 && size <= LARGEST; n = in.read(buffer)) {
          out.write(buffer, 0, n);
          size += n;
        }
        return size <= LARGEST;
      }
    }

    @Override
    public void close() throws IOException {
      Disk.deleteTree(file.resolveSibling(".").normalize());
    }
  }
}
