package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.util.Map;

/** A source that can ask a running Qdrant for the ids of its points without making a capture. */
public interface AsksForPoints {
  /** The ids by collection, as they are now. */
  Map<String, PointIds> askForPoints(Cancellation cancellation) throws IOException;

  /** The texts of the points of a collection, as they are now. */
  PointTexts askForTexts(String collection, Cancellation cancellation) throws IOException;
}
