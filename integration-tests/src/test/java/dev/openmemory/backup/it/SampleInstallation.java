package dev.openmemory.backup.it;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.TarExtractor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * A real OpenMemory, captured whole: 61 memories (56 active, 2 paused, 3 deleted), two users, a
 * literal key in the configs table, 321 MB of mostly empty storage files.
 */
public record SampleInstallation(Path home) {
  /** In the database, where it may be; nowhere else. */
  static final String LITERAL_KEY = "sk-LITERAL-canary-0000";

  /** In .env; never in anything that we write. */
  static final String ENV_VALUE = "sk-CANARY-env-1111";

  public static SampleInstallation unpackTo(Path home) throws IOException {
    Files.createDirectories(home.resolve("api"));
    copy("api/openmemory.db", home.resolve("api/openmemory.db"));
    copy("api/config.json", home.resolve("api/config.json"));
    copy("api/dot-env", home.resolve("api/.env"));
    SampleInstallation sample = new SampleInstallation(home);
    Files.createDirectories(sample.storage());
    try (InputStream tar = new GZIPInputStream(resource("qdrant-storage.tar.gz"))) {
      TarExtractor.extract(
          tar,
          sample.storage(),
          "sample",
          ExtractionLimit.unstated(),
          new Cancellation(),
          name -> {});
    }
    return sample;
  }

  public Path storage() {
    return home.resolve("storage");
  }

  Path database() {
    return home.resolve("api/openmemory.db");
  }

  Path config() {
    return home.resolve("api/config.json");
  }

  Installation installation() {
    return Installation.at(home).withStorage(storage());
  }

  private static void copy(String name, Path to) throws IOException {
    try (InputStream in = resource(name)) {
      Files.copy(in, to);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        SampleInstallation.class.getResourceAsStream("/installation/" + name));
  }
}
