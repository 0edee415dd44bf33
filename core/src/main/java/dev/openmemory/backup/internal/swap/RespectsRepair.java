package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A restoration that leaves alone, when it is rolled back by a later run, what a person has put in
 * the place of the data; such a rollback fails.
 */
public interface RespectsRepair {
  /** Why nothing was done, and both ways out. */
  String LEFT_ALONE =
      "the data there is neither that from before nor what the restore left, as after a repair by"
          + " hand, so nothing was changed. 'unlock --restore repaired' accepts it, 'unlock"
          + " --restore retry' puts the state from before in its place";

  /**
   * A rollback that failed.
   *
   * @param before where the data from before is, for people
   */
  static BackupException failure(String place, String before, IOException e) {
    // One of this place would say twice where it is.
    String fact =
        e instanceof BackupException ours && ours.location().equals(place)
            ? ours.fact()
            : FileFailure.fact(e);
    return Kind.NOT_ROLLED_BACK.failure("roll back restore", place, before + "; " + fact, e);
  }

  /**
   * Looks whether the next rollback would find a repair. Changes nothing.
   *
   * @throws BackupException of kind {@code NOT_ROLLED_BACK} when it would, with the place of the
   *     data from before and both ways out
   */
  void requireUnrepaired() throws IOException;

  /**
   * Where the rollback has kept what was changed in the restored data before, as a person may have
   * changed it; empty when nothing was.
   */
  Optional<Path> changesKept();

  /** Lets the next rollback replace that too. */
  void replaceRepair();
}
