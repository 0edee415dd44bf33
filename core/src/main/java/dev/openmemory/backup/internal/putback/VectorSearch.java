package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.drill.PointSpool;
import dev.openmemory.backup.internal.drill.StoredPoints;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Looks for missing vectors, from the newest backup to the oldest. The database of a backup says
 * which texts it has, so each costs its whole database.
 */
final class VectorSearch {
  private static final Set<Kind> OF_A_BACKUP =
      Set.of(Kind.CORRUPT, Kind.NOT_FOUND, Kind.NO_KEY, Kind.WRONG_KEY, Kind.INCONSISTENT);

  private final Present present;
  private final QdrantClient client;
  private final WholePoints live;
  private final Tables tables;
  private final Facts facts;
  private final Plan plan;
  private final MemoryRepairRequest request;
  private final Set<List<Digest>> seen = new HashSet<>();
  private final Set<List<Digest>> withoutTexts = new HashSet<>();
  private Optional<String> from = Optional.empty();
  private int fetched;
  private int searched;
  private int notSearched;

  VectorSearch(
      Present present,
      QdrantClient client,
      WholePoints live,
      Tables tables,
      Facts facts,
      Plan plan,
      MemoryRepairRequest request) {
    this.present = present;
    this.client = client;
    this.live = live;
    this.tables = tables;
    this.facts = facts;
    this.plan = plan;
    this.request = request;
  }

  /** What read the vectors of the newest backup that has any of them. */
  Optional<String> from() {
    return from;
  }

  int searched() {
    return searched;
  }

  int notSearched() {
    return notSearched;
  }

  /**
   * Plans to put what it finds, and to leave the rest or to have it made.
   *
   * @param missing ids of memories; the found ones are removed
   */
  void run(List<BackupSummary> newestFirst, Set<UUID> missing) throws IOException {
    for (BackupSummary summary : newestFirst) {
      if (!missing.isEmpty() && summary.state() != State.DAMAGED) {
        lenient(summary, missing);
      }
    }
    for (UUID id : missing) {
      notFound(id);
    }
    if (missing.isEmpty()) {
      notSearched = 0;
    }
  }

  private void notFound(UUID id) throws IOException {
    Optional<MemoryRows> rows = tables.memory(id);
    Optional<WholePoint> point =
        request.newVectors().isPresent()
            ? NewPoint.of(id, tables.view(id, rows.orElseThrow()))
            : Optional.empty();
    if (point.isEmpty()) {
      plan.leave(Action.WITHOUT_VECTOR, id, rows, rows);
    } else {
      plan.makeVector(
          Action.VECTOR, new Change(id, List.of(), rows, rows, Optional.empty(), point));
    }
  }

  /** A backup that cannot be used is named, and does not keep the others from being used. */
  private void lenient(BackupSummary summary, Set<UUID> missing) throws IOException {
    try {
      search(StoredBackup.find(present.run(), summary.name()), missing);
    } catch (BackupException e) {
      if (!OF_A_BACKUP.contains(e.kind())) {
        throw e;
      }
      String text = "backup " + summary.name() + " is left out: " + e.getMessage();
      present.run().warn(new Warning("backup-left-out", text));
    }
  }

  private void search(StoredBackup backup, Set<UUID> missing) throws IOException {
    Optional<Component> database = backup.component(Component.DATABASE);
    if (backup.component(Component.VECTORS).isEmpty() || database.isEmpty()) {
      return;
    }
    List<Digest> texts = backup.digests(Component.DATABASE);
    List<Digest> content =
        Stream.concat(texts.stream(), backup.digests(Component.VECTORS).stream()).toList();
    // Many backups of a quiet installation have the same database.
    if (!texts.isEmpty() && (withoutTexts.contains(texts) || seen.contains(content))) {
      searched++;
    } else if (fetched == request.backups()) {
      notSearched++;
    } else {
      searched++;
      fetched++;
      present.run().enter(Phase.PREPARE, "database of " + backup.summary().name());
      fetch(backup, database.get(), missing, texts);
      seen.add(content);
    }
  }

  private void fetch(StoredBackup backup, Component database, Set<UUID> missing, List<Digest> texts)
      throws IOException {
    try (StagedDatabase staged = StagedDatabase.inScratch(present.run().context())) {
      Facts stated = backup.fetch(database, staged);
      try (Tables stored = Tables.open(staged.file(), backup.location())) {
        List<UUID> same = new ArrayList<>();
        for (UUID id : missing) {
          if (hasSameText(stored, id)) {
            same.add(id);
          }
        }
        if (same.isEmpty()) {
          withoutTexts.add(texts);
          return;
        }
        new Embedders(backup, stated).requireSame(facts, present.settings());
        String by = read(backup, stored, same, missing);
        from = from.or(() -> Optional.of(by));
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

  private String read(StoredBackup backup, Tables stored, List<UUID> same, Set<UUID> missing)
      throws IOException {
    Run run = present.run();
    try (PointSpool spool = PointSpool.in(run.context().scratch(), Fit.into(live))) {
      String by =
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
      return by;
    }
  }
}
