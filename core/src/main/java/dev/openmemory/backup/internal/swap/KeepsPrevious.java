package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A source that keeps what its restorations replace, and can put it back. */
public interface KeepsPrevious {
  /** Where the data is, for people. Another text is another place. */
  String place() throws IOException;

  /** Whether an installation may have no such data; an undo then removes what was restored. */
  default boolean mayBeAbsent() {
    return false;
  }

  /** What the restore of that id has set aside, if anything of it is there. */
  Optional<Path> kept(String restoreId) throws IOException;

  /**
   * As {@link dev.openmemory.backup.spi.BackupSource#prepare} with what an earlier restore has set
   * aside, which stays whole until {@link Restoration#commit}, also after a rollback. Where that
   * restore has set nothing aside, the present data is to go.
   *
   * @param restoreId of the new restore
   * @param keptBy the id of the earlier one
   * @param stated facts of the data that was set aside, as far as they are known
   * @throws BackupException of kind {@code CORRUPT} when it is damaged
   */
  Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException;

  /** The work folders, beside the data and in the home, that may hold what was set aside. */
  List<PreviousFolders> previous() throws IOException;
}
