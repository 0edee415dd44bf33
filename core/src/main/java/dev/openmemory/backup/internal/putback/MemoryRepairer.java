package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.crosscheck.CrossChecker;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.memories.MemoryRepairReport;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Gives memories their missing vectors back, and removes vectors without a memory. */
public record MemoryRepairer(
    Run.Settings settings, Installation installation, MemoryRestoreDialog dialog) {
  private static final int PAGE = 64;

  /** See {@link dev.openmemory.backup.Backups#repairMemories}. */
  public MemoryRepairReport repair(MemoryRepairRequest request) throws IOException {
    Done done = changes(request);
    return new MemoryRepairReport(
        done.changes(),
        done.searched(),
        done.notSearched(),
        new CrossChecker(settings).live(installation));
  }

  private record Done(MemoryRestoreReport changes, int searched, int notSearched) {}

  private Done changes(MemoryRepairRequest request) throws IOException {
    Execution execution = new Execution(installation, dialog);
    try (Run run = Run.reading(settings)) {
      List<BackupSummary> backups = new ArrayList<>(BackupCatalog.of(run).list());
      Collections.reverse(backups);
      return Present.use(
          run,
          installation,
          present -> {
            return execution.client(
                present,
                client -> {
                  String collection = present.read((tables, facts) -> tables.collection());
                  run.enter(Phase.CROSS_CHECK, Component.VECTORS);
                  // A memory gets its point before its row: what is listed first has its row now.
                  Set<UUID> points = new LinkedHashSet<>();
                  client.points(collection, point -> point.id().ifPresent(points::add));
                  return present.read(
                      (tables, facts) -> {
                        ChangeFile.Head head = new ChangeFile.Head("repair", collection);
                        try (Plan plan =
                            Plan.begin(tables, dialog, run.context().scratch(), head)) {
                          WholePoints live = client.whole(collection);
                          VectorSearch search =
                              new VectorSearch(present, client, live, tables, facts, plan, request);
                          search.run(backups, missing(tables, points));
                          orphans(request.dropOrphans(), points, live, tables, plan);
                          return new Done(
                              execution.finish(
                                  present,
                                  plan,
                                  search.from(),
                                  request
                                      .newVectors()
                                      .map(how -> new NewPoints(present, tables, live, how)),
                                  request.dryRun()),
                              search.searched(),
                              search.notSearched());
                        }
                      });
                });
          });
    }
  }

  private static Set<UUID> missing(Tables tables, Set<UUID> points) throws IOException {
    Set<UUID> missing = new LinkedHashSet<>(tables.ids());
    missing.removeAll(points);
    return missing;
  }

  /** Also points of memories that are deleted, which lose theirs otherwise. */
  private static void orphans(
      boolean drop, Set<UUID> points, WholePoints live, Tables tables, Plan plan)
      throws IOException {
    Set<UUID> known = new LinkedHashSet<>(tables.ids());
    List<UUID> orphans = points.stream().filter(id -> !known.contains(id)).toList();
    for (int start = 0; start < orphans.size(); start += PAGE) {
      List<UUID> page = orphans.subList(start, Math.min(orphans.size(), start + PAGE));
      for (WholePoint point : live.find(page).values()) {
        Optional<MemoryRows> rows = tables.memory(point.id());
        if (drop) {
          plan.drop(
              new Change(point.id(), List.of(), rows, rows, Optional.of(point), Optional.empty()));
        } else {
          plan.leave(point);
        }
      }
    }
  }
}
