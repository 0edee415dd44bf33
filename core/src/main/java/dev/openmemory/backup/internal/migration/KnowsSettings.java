package dev.openmemory.backup.internal.migration;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;

/** A source that can tell what the configuration says now. */
public interface KnowsSettings {
  /**
   * Its facts, as a backup would state them.
   *
   * @throws dev.openmemory.backup.BackupException of kind {@code NOT_FOUND} when there is none
   */
  Facts settings(RunContext context) throws IOException;
}
