package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a restore puts in the place of the present data. */
public interface Replacement {
  /** The backup that it is of. */
  BackupName backup();

  /** What is replaced, in order. */
  List<OpenPart> parts();

  /** The components of {@link #parts}. */
  default List<String> components() {
    return parts().stream().map(OpenPart::component).toList();
  }

  /** Refuses data that is not fit for a restore, before anything is written. */
  void requireFit() throws IOException;

  /** Stages what goes to the part, checked. */
  Restoration stage(OpenPart part, String restoreId) throws IOException;

  /** What the part has to show once it is in place. */
  Facts stated(OpenPart part);

  /** Whether the part is to have no data afterwards. */
  default boolean removes(OpenPart part) {
    return false;
  }

  /** Whether all ends when everything is staged. */
  boolean dryRun();

  /** Whether the present data is deleted in the end. */
  boolean discardPrevious();

  /** What an undo has to know of this restore; empty when it is never undone. */
  Optional<Reversal> reversal();
}
