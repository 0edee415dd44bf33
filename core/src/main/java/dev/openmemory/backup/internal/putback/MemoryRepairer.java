package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.crosscheck.CrossChecker;
import dev.openmemory.backup.internal.drill.PointSpool;
import dev.openmemory.backup.internal.drill.StoredPoints;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.memories.MemoryChange.Action;
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
  private static final Set<Kind> OF_A_BACKUP =
      Set.of(Kind.CORRUPT, Kind.NOT_FOUND, Kind.NO_KEY, Kind.WRONG_KEY, Kind.INCONSISTENT);

  /** See {@link dev.openmemory.backup.Backups#repairMemories}. */
  public MemoryRepairReport repair(MemoryRepairRequest request) throws IOException {
    MemoryRestoreReport changes = changes(request);
    return new MemoryRepairReport(changes, new CrossChecker(settings).live(installation));
  }

  private MemoryRestoreReport changes(MemoryRepairRequest request) throws IOException {
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
                          Search search = new Search(present, client, tables, facts, plan);
                          Optional<String> from =
                              search.vectors(backups, request, points, collection);
                          search.orphans(request.dropOrphans(), points, collection);
                          return execution.finish(present, plan, from, request.dryRun());
                        }
                      });
                });
          });
    }
  }

  /** Looks for what is missing, from the newest backup to the oldest. */
  private record Search(
      Present present, QdrantClient client, Tables tables, Facts facts, Plan plan) {
    private static final int PAGE = 64;

    Optional<String> vectors(
        List<BackupSummary> newestFirst,
        MemoryRepairRequest request,
        Set<UUID> points,
        String collection)
        throws IOException {
      Set<UUID> missing = new LinkedHashSet<>(tables.ids());
      missing.removeAll(points);
      Optional<String> from = Optional.empty();
      for (BackupSummary summary : newestFirst) {
        if (!missing.isEmpty() && summary.state() != State.DAMAGED) {
          Optional<String> by = lenient(request, summary, missing, collection);
          from = from.or(() -> by);
        }
      }
      for (UUID id : missing) {
        Optional<MemoryRows> rows = tables.memory(id);
        plan.leave(Action.WITHOUT_VECTOR, id, rows, rows);
      }
      return from;
    }

    /** A backup that cannot be used is named, and does not keep the others from being used. */
    private Optional<String> lenient(
        MemoryRepairRequest request, BackupSummary summary, Set<UUID> missing, String collection)
        throws IOException {
      try {
        return from(request, summary, missing, collection);
      } catch (BackupException e) {
        if (!OF_A_BACKUP.contains(e.kind())) {
          throw e;
        }
        String text = "backup " + summary.name() + " is left out: " + e.getMessage();
        present.run().warn(new Warning("backup-left-out", text));
        return Optional.empty();
      }
    }

    private Optional<String> from(
        MemoryRepairRequest request, BackupSummary summary, Set<UUID> missing, String collection)
        throws IOException {
      Run run = present.run();
      StoredBackup backup = StoredBackup.find(run, summary.name());
      if (backup.component(Component.VECTORS).isEmpty()
          || backup.component(Component.DATABASE).isEmpty()) {
        return Optional.empty();
      }
      try (StagedDatabase staged = StagedDatabase.inScratch(run.context())) {
        Component database = backup.component(Component.DATABASE).orElseThrow();
        Facts stated = backup.fetch(database, staged);
        try (Tables stored = Tables.open(staged.file(), backup.location())) {
          List<UUID> same = new ArrayList<>();
          for (UUID id : missing) {
            if (hasSameText(stored, id)) {
              same.add(id);
            }
          }
          if (same.isEmpty()) {
            return Optional.empty();
          }
          new Embedders(backup, stated).requireSame(facts, present.settings());
          return Optional.of(read(request, backup, stored, same, missing, collection));
        }
      }
    }

    private boolean hasSameText(Tables stored, UUID id) throws IOException {
      Optional<MemoryRows> then = stored.memory(id).filter(rows -> !rows.isDeleted());
      return then.isPresent()
          && then.get()
              .memory()
              .text("content")
              .equals(tables.memory(id).orElseThrow().memory().text("content"));
    }

    private String read(
        MemoryRepairRequest request,
        StoredBackup backup,
        Tables stored,
        List<UUID> same,
        Set<UUID> missing,
        String collection)
        throws IOException {
      Run run = present.run();
      WholePoints live = client.whole(collection);
      try (PointSpool spool = PointSpool.in(run.context().scratch(), Fit.into(live))) {
        String from =
            new StoredPoints(run, backup, request.vectors(), Optional.of(client))
                .read(stored.collection(), same, spool);
        for (UUID id : same) {
          Optional<WholePoint> point = spool.find(id);
          if (point.isPresent()) {
            Optional<MemoryRows> rows = tables.memory(id);
            plan.change(
                Action.VECTOR, new Change(id, List.of(), rows, rows, Optional.empty(), point));
            missing.remove(id);
          }
        }
        return from;
      }
    }

    /** Also points of memories that are deleted, which lose theirs otherwise. */
    void orphans(boolean drop, Set<UUID> points, String collection) throws IOException {
      Set<UUID> known = new LinkedHashSet<>(tables.ids());
      List<UUID> orphans = points.stream().filter(id -> !known.contains(id)).toList();
      for (int start = 0; start < orphans.size(); start += PAGE) {
        List<UUID> page = orphans.subList(start, Math.min(orphans.size(), start + PAGE));
        for (WholePoint point : client.whole(collection).find(page).values()) {
          Optional<MemoryRows> rows = tables.memory(point.id());
          if (drop) {
            plan.drop(
                new Change(
                    point.id(), List.of(), rows, rows, Optional.of(point), Optional.empty()));
          } else {
            plan.leave(point);
          }
        }
      }
    }
  }
}
