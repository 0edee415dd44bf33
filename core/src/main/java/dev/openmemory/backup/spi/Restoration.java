package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One component on its way back: staged and checked, not yet in place. The order is {@link #apply},
 * where the application runs again {@link #confirm}, then {@link #commit} or {@link #rollback},
 * then {@link #close}; rollback and close may come at any time.
 */
public interface Restoration extends Closeable {
  /** Sets the present state aside and puts the restored one in its place. */
  void apply() throws IOException;

  /**
   * Looks at what the application makes of it, while the writer that the others depend on runs
   * again and no other; does nothing unless overridden.
   *
   * @param stated the facts that the backup states of this component
   * @throws BackupException of kind {@code INCONSISTENT} when it is not what was restored
   */
  default void confirm(Facts stated, Cancellation cancellation) throws IOException {}

  /**
   * Makes it final. The state from before is kept unless {@code discardPrevious}.
   *
   * @return where the state from before is, when there was one and it was kept
   */
  Optional<Path> commit(boolean discardPrevious) throws IOException;

  /**
   * Puts everything back as it was before {@link #apply}; may be repeated, also after it failed
   * half way.
   */
  void rollback() throws IOException;

  /** Removes what was staged and is not in place. Never undoes anything. */
  @Override
  void close() throws IOException;
}
