package dev.openmemory.backup.internal.crosscheck;

import java.util.Map;
import java.util.Optional;

/** A capture, or a control of writers, that can tell the ids of all points of its instant. */
public interface KnowsPoints {
  /** The ids by collection; empty when they could not be asked for. */
  Optional<Map<String, PointIds>> points();
}
