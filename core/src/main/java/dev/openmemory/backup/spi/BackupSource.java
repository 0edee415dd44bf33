package dev.openmemory.backup.spi;

import dev.openmemory.backup.Facts;
import java.io.IOException;
import java.util.Optional;

/**
 * What is backed up: one component of an installation.
 *
 * <p>Duties of every source. {@code BackupSourceContract} of the testkit has a test for each
 * number.
 *
 * <ul>
 *   <li><b>S1</b> The files and facts of a {@link Capture} belong to one instant, also while the
 *       application writes.
 *   <li><b>S2</b> Restore after backup gives the same data.
 *   <li><b>S3</b> Closing a capture or a restoration, at any point and also after a failure, leaves
 *       no temporary file, helper or server-side copy behind.
 *   <li><b>S4</b> {@link #preflight} finds what is missing or unreadable before anything is
 *       written, and changes nothing.
 *   <li><b>S5</b> {@link #prepare} touches nothing that is in use; damaged files are {@code
 *       CORRUPT} there, before the first destructive step.
 *   <li><b>S6</b> {@link Restoration#rollback} after {@link Restoration#apply} gives the state from
 *       before, byte for byte.
 *   <li><b>S7</b> A restoration that ended with its process can be continued by {@link #resume} and
 *       rolled back or committed; for an unknown id {@code resume} is empty.
 *   <li><b>S8</b> A {@link Content} that says it is repeatable gives the same bytes again.
 *   <li><b>S9</b> Failures are {@code BackupException}s; cancelling ends every call promptly with
 *       {@code CANCELLED}.
 *   <li><b>S10</b> {@link BackupSourceProvider#inspect} of what was captured gives the facts of the
 *       capture, and damage is {@code CORRUPT}.
 * </ul>
 *
 * <p>Not thread-safe; the engine uses a source from one thread.
 */
public interface BackupSource {
  /** Checks that a capture can succeed: the data is there, readable and of the expected form. */
  void preflight(RunContext context) throws IOException;

  /**
   * Looks at data that may be in use; changes nothing and copies nothing.
   *
   * @return those facts of a capture that a look shows; none unless overridden
   */
  default Facts look(RunContext context) throws IOException {
    return Facts.NONE;
  }

  /**
   * About how many bytes a backup of it stores without compression, as far as that is known without
   * reading the data; 0 unless overridden. A target that has no room for them is refused before any
   * writer is held.
   */
  default long plainBytes() throws IOException {
    return 0;
  }

  /**
   * Takes hold of the data; the caller closes the result. Writers are paused meanwhile, so it does
   * only what has to be of that instant; see {@link Capture#check}.
   */
  Capture capture(RunContext context) throws IOException;

  /**
   * Fetches, checks and stages the files for a restore under the given id; see S5.
   *
   * @param restoreId unique to this restore, a valid name segment
   */
  Restoration prepare(String restoreId, BackupFiles files, RunContext context) throws IOException;

  /** The restoration of that id that an earlier process began here, if anything of it is left. */
  Optional<Restoration> resume(String restoreId) throws IOException;
}
