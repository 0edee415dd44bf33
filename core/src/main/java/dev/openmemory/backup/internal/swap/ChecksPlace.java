package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;

/** A source that can tell before anything is fetched whether its data can be replaced. */
public interface ChecksPlace {
  /**
   * Looks at what a restore would replace. Changes nothing and writes nothing.
   *
   * @throws BackupException when {@link dev.openmemory.backup.spi.BackupSource#prepare} would
   *     refuse the place
   */
  void requireReplaceable(RunContext context) throws IOException;
}
