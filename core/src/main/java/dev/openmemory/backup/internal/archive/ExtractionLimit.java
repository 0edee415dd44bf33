package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much an archive may unpack to. There is no limit by ratio: honest archives of preallocated
 * files reach 940 : 1.
 *
 * @param apparentBytes the lengths of all files with their holes; more is {@code CORRUPT}
 * @param writtenBytes what takes space, holes left out; more is {@code NO_SPACE}
 */
public record ExtractionLimit(long apparentBytes, long writtenBytes) {
  /** The most that an archive without a manifest may unpack to: 1 TiB. */
  public static final long UNSTATED_BYTES = 1L << 40;

  /** For an archive with a length from a manifest: its files are not longer than itself. */
  public static ExtractionLimit stated(long archiveBytes) {
    return new ExtractionLimit(archiveBytes, archiveBytes);
  }

  /** For an archive of which nothing is known and that is only read. */
  public static ExtractionLimit unstated() {
    return new ExtractionLimit(UNSTATED_BYTES, UNSTATED_BYTES);
  }

  /** For an archive of which nothing is known: {@link #UNSTATED_BYTES} and the free space there. */
  public static ExtractionLimit unstated(Path directory) throws IOException {
    return new ExtractionLimit(UNSTATED_BYTES, Files.getFileStore(directory).getUsableSpace());
  }
}
