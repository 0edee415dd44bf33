package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.internal.drill.PointSpool;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Decides what is done about each memory. */
final class Planner {
  private static final int PAGE = 64;

  private final Tables backup;
  private final Tables present;
  private final Translation translation;
  private final MemoryRestoreRequest request;
  private final WholePoints points;

  Planner(
      Tables backup,
      Tables present,
      Translation translation,
      MemoryRestoreRequest request,
      WholePoints points) {
    this.backup = backup;
    this.present = present;
    this.translation = translation;
    this.request = request;
    this.points = points;
  }

  /** A memory with what is wanted for it; the rows have no record of the change yet. */
  private record Draft(UUID id, Action action, Optional<MemoryRows> before, MemoryRows after) {}

  /**
   * Shows the memories that stay as they are.
   *
   * @return the ids of the others, of which the points in the backup are needed
   */
  List<UUID> unsettled(List<UUID> chosen, Plan plan) throws IOException {
    List<UUID> unsettled = new ArrayList<>();
    for (List<UUID> page : pages(chosen)) {
      Map<UUID, WholePoint> there = request.asNew() ? Map.of() : points.find(page);
      for (UUID id : page) {
        Draft draft = draft(id);
        boolean whole = draft.action() == Action.VECTOR && there.containsKey(id);
        if (draft.action() == Action.KEEP) {
          plan.leave(Action.KEEP, id, draft.before(), Optional.of(draft.after()));
        } else if (whole && !request.overwrite()) {
          plan.leave(Action.NOTHING, id, draft.before(), draft.before());
        } else {
          unsettled.add(id);
        }
      }
    }
    return unsettled;
  }

  /** Plans the changes of these memories. */
  void plan(List<UUID> unsettled, PointSpool stored, Plan plan) throws IOException {
    for (List<UUID> page : pages(unsettled)) {
      Map<UUID, WholePoint> there = request.asNew() ? Map.of() : points.find(page);
      for (UUID id : page) {
        plan(draft(id), Optional.ofNullable(there.get(id)), stored.find(id), plan);
      }
    }
  }

  private void plan(Draft draft, Optional<WholePoint> there, Optional<WholePoint> stored, Plan plan)
      throws IOException {
    boolean rowStays = draft.action() == Action.VECTOR;
    boolean anew = stored.isEmpty() && request.newVectors().isPresent();
    Optional<WholePoint> after =
        anew
            ? NewPoint.of(draft.id(), present.view(draft.id(), draft.after()))
            : stored.map(point -> point.withId(draft.id()));
    if (after.isEmpty()) {
      plan.leave(Action.WITHOUT_VECTOR, draft.id(), draft.before(), Optional.of(draft.after()));
      return;
    }
    if (rowStays && (Change.isSame(there, after) || (anew && there.isPresent()))) {
      plan.leave(Action.NOTHING, draft.id(), draft.before(), draft.before());
      return;
    }
    MemoryRows rows =
        rowStays
            ? draft.before().orElseThrow()
            : translation.recorded(draft.after(), draft.before());
    Change change =
        new Change(
            draft.id(),
            rowStays ? List.of() : translation.needs(rows),
            draft.before(),
            Optional.of(rows),
            there,
            after);
    if (anew) {
      plan.makeVector(draft.action(), change);
      return;
    }
    boolean replaced = rowStays && there.isPresent();
    plan.change(replaced ? Action.OVERWRITE : draft.action(), change);
  }

  private Draft draft(UUID id) throws IOException {
    MemoryRows stored = backup.memory(id).orElseThrow();
    if (request.asNew()) {
      UUID fresh = UUID.randomUUID();
      MemoryRows after = translation.translate(stored, Optional.empty(), Optional.of(fresh));
      return new Draft(fresh, Action.ADD, Optional.empty(), after);
    }
    Optional<MemoryRows> before = present.memory(id);
    MemoryRows after = translation.translate(stored, before, Optional.empty());
    return new Draft(id, action(before, after), before, after);
  }

  private Action action(Optional<MemoryRows> before, MemoryRows after) {
    if (before.isEmpty()) {
      return Action.ADD;
    }
    if (before.get().isDeleted()) {
      return Action.BRING_BACK;
    }
    if (before.get().isSameMemory(after)) {
      return Action.VECTOR;
    }
    return request.overwrite() ? Action.OVERWRITE : Action.KEEP;
  }

  private static List<List<UUID>> pages(List<UUID> ids) {
    List<List<UUID>> pages = new ArrayList<>();
    for (int start = 0; start < ids.size(); start += PAGE) {
      pages.add(ids.subList(start, Math.min(ids.size(), start + PAGE)));
    }
    return pages;
  }
}
