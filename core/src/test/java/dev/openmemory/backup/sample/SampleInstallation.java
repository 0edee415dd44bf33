package dev.openmemory.backup.sample;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.RestoredOwners;
import dev.openmemory.backup.internal.archive.TarExtractor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A real OpenMemory, captured whole: 61 memories (56 active, 2 paused, 3 deleted), two users, a
 * literal key in the configs table, 321 MB of mostly empty storage files.
 */
public record SampleInstallation(Path home) {
  /** In the database, where it may be; nowhere else. */
  public static final String LITERAL_KEY = "sk-LITERAL-canary-0000";

  /** In .env; never in anything that we write. */
  public static final String ENV_VALUE = "sk-CANARY-env-1111";

  private static final String SLIM_ARCHIVE = "qdrant-storage-slim.tar.gz";

  public static SampleInstallation unpackTo(Path home) throws IOException {
    return unpackTo(home, "qdrant-storage.tar.gz");
  }

  /**
   * The same without the vectors and indexes of its segments, and with each other file of the
   * storage cut off after 4 KiB. No store would open it; what is said of files alone takes a
   * fraction of the time.
   */
  public static SampleInstallation unpackSlimTo(Path home) throws IOException {
    return unpackTo(home, SLIM_ARCHIVE);
  }

  private static SampleInstallation unpackTo(Path home, String archive) throws IOException {
    Files.createDirectories(home.resolve("api"));
    copy("api/openmemory.db", home.resolve("api/openmemory.db"));
    copy("api/config.json", home.resolve("api/config.json"));
    copy("api/dot-env", home.resolve("api/.env"));
    SampleInstallation sample = new SampleInstallation(home);
    Files.createDirectories(sample.storage());
    try (InputStream tar = new GZIPInputStream(resource(archive))) {
      TarExtractor.extract(
          tar,
          sample.storage(),
          "sample",
          ExtractionLimit.unstated(),
          RestoredOwners.of(Optional.empty(), warning -> {}),
          new Cancellation(),
          name -> {});
    }
    return sample;
  }

  /** The storage of {@link #unpackSlimTo} as the guide's scripts pack it. */
  public static byte[] slimArchive() throws IOException {
    try (InputStream archive = resource(SLIM_ARCHIVE)) {
      return archive.readAllBytes();
    }
  }

  public Path storage() {
    return home.resolve("storage");
  }

  public Path database() {
    return home.resolve("api/openmemory.db");
  }

  public Path config() {
    return home.resolve("api/config.json");
  }

  public Installation installation() {
    return Installation.at(home).withStorage(storage());
  }

  public static void copy(String name, Path to) throws IOException {
    try (InputStream in = resource(name)) {
      Files.copy(in, to);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        SampleInstallation.class.getResourceAsStream("/installation/" + name));
  }
}
