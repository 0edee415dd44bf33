package dev.openmemory.backup.spi.optional;

import dev.openmemory.backup.spi.BackupTarget;

/**
 * An optional power of a {@link BackupTarget}: to say how it reaches its store, where that depends
 * on more than its location and options.
 */
public interface ReportsAccess {
  /** For people, redacted, without asking the store: such as what reads a configuration. */
  String access();
}
