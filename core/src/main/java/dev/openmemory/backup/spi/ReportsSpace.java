package dev.openmemory.backup.spi;

import java.io.IOException;

/** An optional power of a {@link BackupTarget}: to know how much more it can take. */
public interface ReportsSpace {
  /** The bytes that can still be written, as far as the store knows. */
  long usableBytes() throws IOException;
}
