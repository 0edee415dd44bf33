package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;
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

  /**
   * What is known about the data of that instant; complete after {@link #check}, or once all
   * contents have been written.
   */
  Facts facts();

  /**
   * Reads a copy that the capture has made, to find damage and to complete the facts. Called once,
   * when the writers run again and before the contents of a {@linkplain #detached detached} capture
   * are written: whatever takes time and needs the copy alone belongs here, so that it does not
   * prolong the pause. Does nothing unless overridden.
   *
   * @throws BackupException of kind {@code CORRUPT} when the copy is damaged
   */
  default void check() throws IOException {}

  /**
   * Whether the contents no longer depend on the live data, so that the writers may continue before
   * they are written.
   */
  boolean detached();

  /** Removes every temporary file, helper and server-side copy that the capture made. */
  @Override
  void close() throws IOException;
}
