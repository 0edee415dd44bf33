package dev.openmemory.backup.spi.optional;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * For a {@link dev.openmemory.backup.spi.Restoration}, or its {@link
 * dev.openmemory.backup.spi.BackupSource}: to name the files that it replaces and that no other
 * process may have open meanwhile. The engine refuses a restore with {@code LOCKED} before it stops
 * anything when a process has one open that the stop of the writers does not end.
 *
 * <p>Duties. {@code BackupSourceContract} of the testkit has a test for each number.
 *
 * <ul>
 *   <li><b>R1</b> All files are named that {@link dev.openmemory.backup.spi.Restoration#apply}
 *       replaces or removes. They need not exist.
 *   <li><b>R2</b> They are the same before and after {@code apply}; asking changes nothing.
 * </ul>
 */
public interface ReplacesFiles {
  /** Those files, absolute, the one that people know first. */
  List<Path> replaced() throws IOException;
}
