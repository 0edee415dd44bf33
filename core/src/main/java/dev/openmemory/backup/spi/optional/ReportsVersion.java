package dev.openmemory.backup.spi.optional;

import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.util.Optional;

/**
 * For a {@link dev.openmemory.backup.spi.WriterControl}: the version of the vector store that is
 * going to open restored files, whether it runs now or not. A restore compares it with the version
 * in the backup before it stops anything. Not thread-safe; used from one thread.
 *
 * <p>Duties. {@code VersionContract} of the testkit has a test for each number.
 *
 * <ul>
 *   <li><b>N1</b> The version of a store that runs is the one that it reports.
 *   <li><b>N2</b> A store that does not answer is no failure: the version may be known otherwise,
 *       such as by the tag of an image, or is empty. Its location is known all the same.
 *   <li><b>N3</b> Version and location are empty, and no failure, when there is no store.
 *   <li><b>N4</b> The location is for people, and has no secret.
 *   <li><b>N5</b> Both may be asked again, and nothing is changed.
 *   <li><b>N6</b> A cancellation ends the call with a {@code BackupException} of kind {@code
 *       CANCELLED}.
 * </ul>
 */
public interface ReportsVersion {
  /**
   * The version, such as {@code 1.18.3}.
   *
   * @param cancellation ends this call
   * @return empty when it is not known
   */
  Optional<String> storeVersion(Cancellation cancellation) throws IOException;

  /** Where the store is, such as a container or an address; empty when there is none. */
  Optional<String> storeLocation() throws IOException;
}
