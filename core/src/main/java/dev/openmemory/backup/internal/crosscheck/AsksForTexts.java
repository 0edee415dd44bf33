package dev.openmemory.backup.internal.crosscheck;

import java.io.IOException;

/** A source that can ask a running Qdrant for the texts of its points. */
public interface AsksForTexts {
  /**
   * The texts of the points of a collection, as they are now.
   *
   * @param folder for digests that do not fit into memory
   * @return to be closed
   */
  PointTexts askForTexts(String collection, IdFolder folder) throws IOException;
}
