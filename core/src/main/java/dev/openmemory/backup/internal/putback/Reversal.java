package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import dev.openmemory.backup.memories.MemoryChange.Action;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Plans to take changes back. A memory that was changed since stays as it is. */
record Reversal(Tables tables, WholePoints points, Plan plan) {
  void plan(List<Change> page) throws IOException {
    Map<UUID, WholePoint> there = points.find(page.stream().map(Change::id).toList());
    for (Change change : page) {
      plan(change.reversed(), Optional.ofNullable(there.get(change.id())));
    }
  }

  private void plan(Change change, Optional<WholePoint> point) throws IOException {
    Optional<MemoryRows> rows = tables.memory(change.id());
    if (RowWriter.isSame(rows, change.rowsBefore()) && Change.isSame(point, change.pointBefore())) {
      plan.change(Action.UNDO, change);
    } else {
      boolean undone =
          RowWriter.isSame(rows, change.rowsAfter()) && Change.isSame(point, change.pointAfter());
      plan.leave(undone ? Action.NOTHING : Action.KEEP, change.id(), rows, change.rowsAfter());
    }
  }
}
