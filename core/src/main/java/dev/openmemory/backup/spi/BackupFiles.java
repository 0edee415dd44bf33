package dev.openmemory.backup.spi;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;

/**
 * The files of one component of a stored backup, read back as they were captured: decompressed and
 * checked.
 */
public interface BackupFiles {
  /** The plain names, as in {@link CapturedFile#name}. */
  List<String> names();

  /** The size in plain bytes by the manifest; empty for a backup without one. */
  OptionalLong plainSize(String name);

  /**
   * Opens a file's plain bytes. Reading to the end compares size and digest with the manifest and
   * throws a {@code CORRUPT} failure instead of the end of the stream when they differ; bytes
   * beyond the stated size are {@code CORRUPT} as soon as they appear. A reader that has not seen
   * the end knows nothing.
   */
  InputStream open(String name) throws IOException;
}
