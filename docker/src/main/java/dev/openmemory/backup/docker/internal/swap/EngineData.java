package dev.openmemory.backup.docker.internal.swap;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Data that only an engine can read and write, as {@link EngineSwap} exchanges it. */
public interface EngineData extends Closeable {
  /** Where it is, for messages. */
  String describe();

  /**
   * Refuses while somebody runs, or is paused, who uses the data.
   *
   * @throws dev.openmemory.backup.BackupException of kind {@code LOCKED}
   */
  void requireReleased() throws IOException;

  /**
   * Copies the present data to a new file of this host, as a tar that {@link #put} takes.
   *
   * @return false when there is none, and no file was made
   */
  boolean save(Path tar, Cancellation cancellation) throws IOException;

  /** Replaces the present data with that of the tar, whole, and proves that it is there. */
  void put(Path tar) throws IOException;

  /**
   * Puts back what {@link #save} copied; does nothing when it is in place, as after a repair by
   * hand. The data is written also when the place cannot be proven to be empty before.
   */
  void putBack(Path tar) throws IOException;

  /** Removes what {@link #put} made where there was nothing before. */
  void remove() throws IOException;

  /** See {@link dev.openmemory.backup.spi.Restoration#confirm}. */
  void confirm(Facts stated, Cancellation cancellation) throws IOException;

  /** Lets go of the engine. */
  @Override
  void close() throws IOException;
}
