package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where ids are kept that do not fit into memory.
 *
 * @param path a private folder that is there
 * @param inMemory the most ids of one side in memory
 */
public record IdFolder(Path path, int inMemory, Cancellation cancellation) {
  /** Some 52 bytes each. */
  private static final int IN_MEMORY = 1 << 17;

  /** The temporary folder of a run. */
  public static IdFolder of(RunContext context) {
    return new IdFolder(context.scratch(), IN_MEMORY, context.cancellation());
  }

  SortedIds ids() {
    return new SortedIds(this);
  }

  BackupException failure(IOException cause) {
    return FileFailure.of("keep ids for the comparison", path, cause);
  }

  /** Whether this folder failed, and not the server that was asked for ids. */
  public boolean isPlaceOf(BackupException failure) {
    return failure.location().equals(path.toString());
  }
}
