package dev.openmemory.backup.spi;

import java.io.IOException;

/**
 * An optional power of a {@link BackupTarget} that is made by its first object: to distinguish a
 * place without backups from one that is missing, as the folder of a disk that is not mounted.
 */
public interface ReportsPresence {
  /** The mark, where the place holds files. */
  String MARK = ".openmemory-backup-target";

  /** Whether the place is there. */
  boolean isThere() throws IOException;

  /** Whether the first object makes the place when it is not there; false unless overridden. */
  default boolean canBeMade() throws IOException {
    return false;
  }

  /** Whether it was {@linkplain #mark marked} before, also when all its objects were deleted. */
  boolean isMarked() throws IOException;

  /** Marks the place, which must be there. The mark is no object; nothing happens the next time. */
  void mark() throws IOException;
}
