package dev.openmemory.backup.it.docker;

import java.util.HashSet;
import java.util.Set;

/** What both stores held while nothing could be written: ids of 32 hex digits. */
record StackContents(Set<String> rows, Set<String> points) {
  /**
   * The writer makes a point, then its row, then the next point: only copies from different
   * instants have a row without its point, or two points without their rows.
   */
  boolean isOneInstant() {
    return points.containsAll(rows) && points.size() - rows.size() <= 1;
  }

  /** For messages: sets of thousands say nothing. */
  @Override
  public String toString() {
    return rows.size()
        + " rows, "
        + points.size()
        + " points; rows without point: "
        + without(rows, points)
        + "; points without row: "
        + without(points, rows);
  }

  private static Set<String> without(Set<String> all, Set<String> others) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(others);
    return rest;
  }
}
