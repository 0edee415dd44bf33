package dev.openmemory.backup.spi.optional;

import java.nio.file.Path;

/**
 * For a {@link dev.openmemory.backup.spi.Capture} of the component {@code database}: to show the
 * copy of OpenMemory's SQLite database that it has made. The engine counts the memories in it and
 * compares them with the vectors.
 *
 * <p>Duties. {@code BackupSourceContract} of the testkit has a test for each number.
 *
 * <ul>
 *   <li><b>D1</b> The capture is {@linkplain dev.openmemory.backup.spi.Capture#detached detached}.
 *       The copy is complete from the capture on, before {@link
 *       dev.openmemory.backup.spi.Capture#check} too: one SQLite file, with no log or journal
 *       beside it.
 *   <li><b>D2</b> The file has the bytes of the only file of the capture.
 *   <li><b>D3</b> Nothing changes the file, nor adds one beside it, until the capture is closed.
 *       The engine opens it read-only.
 *   <li><b>D4</b> Closing the capture removes it.
 * </ul>
 */
public interface ExposesDatabase {
  /** The copy. */
  Path database();

  /** The original, for people and messages, without any secret. */
  String original();
}
