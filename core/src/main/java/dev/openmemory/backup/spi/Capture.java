package dev.openmemory.backup.spi;

import dev.openmemory.backup.Facts;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The data of one source at one instant; see {@link BackupSource#capture}. Closing it may be
 * repeated.
 */
public interface Capture extends Closeable {
  /** The files, at least one; the same each time. */
  List<CapturedFile> files();

  /** What is known about the data of that instant; complete once all contents have been written. */
  Facts facts();

  /**
   * Whether the contents no longer depend on the live data, so that the writers may go on before
   * they are written.
   */
  boolean detached();

  /** Removes every temporary file, helper and server-side copy that the capture made. */
  @Override
  void close() throws IOException;
}
