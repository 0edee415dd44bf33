package dev.openmemory.backup.internal.crosscheck;

import java.io.IOException;
import java.util.Optional;

/** A source, or a control of writers, that can ask a running Qdrant for its points. */
public interface AsksForPoints {
  /**
   * The ids of a collection, as they are now.
   *
   * @param wanted the only collection that is asked for ids; when empty, none is
   * @param folder for ids that do not fit into memory
   * @return to be closed; empty when no Qdrant runs that answers
   */
  Optional<AskedPoints> askForPoints(Optional<String> wanted, IdFolder folder) throws IOException;
}
