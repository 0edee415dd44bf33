package dev.openmemory.backup.it;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.TarExtractor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A real OpenMemory, captured whole: 61 memories (56 active, 2 paused, 3 deleted), two users, a
 * literal key in the configs table, 321 MB of mostly empty storage files.
 */
public record SampleInstallation(Path home) {
  /** In the database, where it may be; nowhere else. */
  static final String LITERAL_KEY = "sk-LITERAL-canary-0000";

  /** In .env; never in anything that we write. */
  static final String ENV_VALUE = "sk-CANARY-env-1111";

  private static final String STORAGE_ARCHIVE = "qdrant-storage.tar.gz";
  private static final int SLIM_FILE = 64 * 1024;

  public static SampleInstallation unpackTo(Path home) throws IOException {
    try (InputStream tar = new GZIPInputStream(resource(STORAGE_ARCHIVE))) {
      return unpackTo(home, tar);
    }
  }

  /**
   * The same with each storage file cut off after 64 KiB. No store would open it; what is said of
   * files alone takes a fraction of the time.
   */
  public static SampleInstallation unpackSlimTo(Path home) throws IOException {
    return unpackTo(home, new ByteArrayInputStream(SlimStorage.TAR));
  }

  private static SampleInstallation unpackTo(Path home, InputStream storage) throws IOException {
    Files.createDirectories(home.resolve("api"));
    copy("api/openmemory.db", home.resolve("api/openmemory.db"));
    copy("api/config.json", home.resolve("api/config.json"));
    copy("api/dot-env", home.resolve("api/.env"));
    SampleInstallation sample = new SampleInstallation(home);
    Files.createDirectories(sample.storage());
    TarExtractor.extract(
        storage,
        sample.storage(),
        "sample",
        ExtractionLimit.unstated(),
        new Cancellation(),
        name -> {});
    return sample;
  }

  private static byte[] slimStorage() {
    ByteArrayOutputStream slim = new ByteArrayOutputStream();
    try (TarArchiveInputStream whole =
            new TarArchiveInputStream(new GZIPInputStream(resource(STORAGE_ARCHIVE)));
        TarArchiveOutputStream cut = new TarArchiveOutputStream(slim)) {
      cut.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (TarArchiveEntry entry = whole.getNextEntry();
          entry != null;
          entry = whole.getNextEntry()) {
        byte[] content = whole.readNBytes(SLIM_FILE);
        TarArchiveEntry shorter = new TarArchiveEntry(entry.getName());
        shorter.setMode(entry.getMode());
        shorter.setModTime(entry.getLastModifiedTime());
        shorter.setSize(content.length);
        cut.putArchiveEntry(shorter);
        cut.write(content);
        cut.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return slim.toByteArray();
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

  /** One of the recorded files. */
  static void copy(String name, Path to) throws IOException {
    try (InputStream in = resource(name)) {
      Files.copy(in, to);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        SampleInstallation.class.getResourceAsStream("/installation/" + name));
  }

  /** Made once, and only where it is used. */
  private static final class SlimStorage {
    static final byte[] TAR = slimStorage();
  }
}
