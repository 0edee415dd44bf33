package dev.openmemory.backup.cli;

import dev.openmemory.backup.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the parts of the installation are, and which of them are meant. */
final class InstallationOptions {
  @Option(
      names = "--storage-path",
      paramLabel = "DIR",
      description =
          "The directory that Qdrant stores in (default: <home>/qdrant-storage, if present).")
  @Nullable Path storagePath;

  @Option(
      names = "--db",
      paramLabel = "FILE",
      description = "The SQLite database (default: <home>/api/openmemory.db).")
  @Nullable Path database;

  @Option(
      names = "--config-json",
      paramLabel = "FILE",
      description = "The configuration of OpenMemory (default: <home>/api/config.json).")
  @Nullable Path configJson;

  @Option(
      names = "--only",
      paramLabel = "COMPONENT",
      split = ",",
      description = "Only these components: database, config, vectors (separated by commas).")
  Set<String> only = new LinkedHashSet<>();

  Installation at(Path home) {
    Installation installation = Installation.at(home);
    if (database != null) {
      installation = installation.withDatabase(database);
    }
    if (configJson != null) {
      installation = installation.withConfig(configJson);
    }
    // The layout of `restore --to`, so that what it made can be backed up as it is.
    Path restored = home.resolve("qdrant-storage");
    if (storagePath != null) {
      return installation.withStorage(storagePath);
    }
    return Files.isDirectory(restored) ? installation.withStorage(restored) : installation;
  }
}
