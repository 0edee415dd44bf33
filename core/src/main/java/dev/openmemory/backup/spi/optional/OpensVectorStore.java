package dev.openmemory.backup.spi.optional;

import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.util.Optional;

/**
 * For a {@link dev.openmemory.backup.spi.BackupSource} of vectors, or a {@link
 * dev.openmemory.backup.spi.WriterControl}: to reach the vector store that runs now. The engine
 * compares its points with the memories, and its version with that of a backup. The source is asked
 * before the control.
 *
 * <p>Its duties are numbered at {@link VectorStore}. Not thread-safe; used from one thread.
 */
public interface OpensVectorStore {
  /**
   * A connection to the store. Called while writers are held, so it returns promptly.
   *
   * @param cancellation ends this call and each call of the result
   * @return closed by the caller; empty when no store is known to run
   */
  Optional<VectorStore> openVectorStore(Cancellation cancellation) throws IOException;
}
