package dev.openmemory.backup.spi.optional;

import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.util.Optional;

/**
 * For a {@link dev.openmemory.backup.spi.WriterControl}: the version of the vector store that is
 * going to open restored files, whether it runs now or not. A restore compares it with that of the
 * backup before it stops anything. Not thread-safe; used from one thread.
 */
public interface ReportsVersion {
  /**
   * The version, such as {@code 1.18.3}.
   *
   * @param cancellation ends this call
   * @return empty when it is not known
   */
  Optional<String> storeVersion(Cancellation cancellation) throws IOException;

  /** Where the store is, for people and without any secret; empty when there is none. */
  Optional<String> storeLocation() throws IOException;
}
