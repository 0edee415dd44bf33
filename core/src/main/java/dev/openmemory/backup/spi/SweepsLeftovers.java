package dev.openmemory.backup.spi;

import java.io.IOException;
import java.util.List;

/**
 * An optional power of a {@link BackupTarget}: to remove what writes of ended processes left hidden
 * in the store.
 */
public interface SweepsLeftovers {
  /**
   * Removes the hidden remains of writes that can no longer finish. A write that is running, in
   * this process or in another one, is never touched.
   *
   * @return what was removed, redacted, for a log
   */
  List<String> sweepLeftovers() throws IOException;
}
