package dev.openmemory.backup.internal.crosscheck;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What becomes of the ids of rows and of points when both are read side by side. */
interface IdJoin {
  /** Takes a row and a point with its id. */
  void both(IdEntry row, IdEntry point);

  /** Takes a row with an id that no point has. */
  void row(IdEntry row);

  /** Takes a point with an id that no row has. */
  void point(IdEntry point);

  /** Reads both to their ends. Several rows with one id are several; the points too. */
  default void run(IdStream rows, IdStream points) throws IOException {
    IdEntry row = rows.next();
    IdEntry point = points.next();
    while (row != null || point != null) {
      int order = order(row, point);
      if (row != null && order < 0) {
        row(row);
        row = rows.next();
      } else if (point != null && order > 0) {
        point(point);
        point = points.next();
      } else if (row != null && point != null) {
        IdEntry known = row;
        for (; row != null && row.compareId(point) == 0; row = rows.next()) {
          both(row, point);
        }
        do { // A server that shows a point twice has it once.
          point = points.next();
        } while (point != null && point.compareId(known) == 0);
      }
    }
  }

  private static int order(@Nullable IdEntry row, @Nullable IdEntry point) {
    return row == null ? 1 : point == null ? -1 : row.compareId(point);
  }
}
