package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.drill.PointSpool;
import dev.openmemory.backup.internal.drill.StoredPoints;
import dev.openmemory.backup.internal.memories.MemoryDatabase;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Puts memories of a backup back into an installation that runs; takes such changes back. */
public record MemoryRestorer(
    Run.Settings settings, Installation installation, MemoryRestoreDialog dialog) {
  private static final String OPERATION = Present.OPERATION;

  /** See {@link dev.openmemory.backup.Backups#restoreMemories}. */
  public MemoryRestoreReport restore(BackupName name, MemoryRestoreRequest request)
      throws IOException {
    try (Run run = Run.reading(settings);
        StagedDatabase staged = StagedDatabase.inScratch(run.context())) {
      StoredBackup backup = StoredBackup.find(run, name).requireUndamaged(OPERATION);
      run.enter(Phase.PREPARE, Component.DATABASE);
      Facts facts = backup.fetch(backup.require(Component.DATABASE, OPERATION), staged);
      return Present.use(
          run,
          installation,
          present ->
              execution()
                  .client(
                      present,
                      client ->
                          new Restoring(present, backup, staged, facts, client).run(request)));
    }
  }

  /** See {@link dev.openmemory.backup.Backups#undoMemories}. */
  public MemoryRestoreReport undo(Path file, boolean dryRun) throws IOException {
    try (Run run = Run.reading(settings)) {
      return Present.use(
          run,
          installation,
          present -> {
            UnfinishedChanges.settle(present, installation);
            ChangeFile undone = new ChangeFile(file.toAbsolutePath());
            ChangeFile.Head head = undone.head();
            return present.read(
                (tables, facts) -> {
                  try (Plan plan = Plan.begin(tables, dialog, run.context().scratch(), head)) {
                    present.<Boolean>open(
                        run.context().cancellation(),
                        head.collection(),
                        points -> {
                          undone.each(page -> new Reversal(tables, points, plan).plan(page));
                          return true;
                        });
                    return execution()
                        .finish(present, plan, Optional.empty(), Optional.empty(), dryRun);
                  }
                });
          });
    }
  }

  private Execution execution() {
    return new Execution(installation, dialog);
  }

  /** One restore. */
  private final class Restoring {
    private final Present present;
    private final Run run;
    private final StoredBackup backup;
    private final StagedDatabase staged;
    private final Facts facts;
    private final QdrantClient client;

    Restoring(
        Present present,
        StoredBackup backup,
        StagedDatabase staged,
        Facts facts,
        QdrantClient client) {
      this.present = present;
      this.run = present.run();
      this.backup = backup;
      this.staged = staged;
      this.facts = facts;
      this.client = client;
    }

    MemoryRestoreReport run(MemoryRestoreRequest request) throws IOException {
      return present.read(
          (tables, presentFacts) -> {
            boolean usable = isUsable(request, presentFacts);
            try (Tables stored = Tables.open(staged.file(), backup.location())) {
              return run(request, stored, tables, usable);
            }
          });
    }

    /** Whether vectors of the backup are to be read; new ones take the place of others. */
    private boolean isUsable(MemoryRestoreRequest request, Facts presentFacts) throws IOException {
      try {
        new Embedders(backup, facts).requireSame(presentFacts, present.settings());
        return request.newVectors().isEmpty() || backup.component(Component.VECTORS).isPresent();
      } catch (BackupException e) {
        if (e.kind() != Kind.INCONSISTENT || request.newVectors().isEmpty()) {
          throw e;
        }
        return false;
      }
    }

    private MemoryRestoreReport run(
        MemoryRestoreRequest request, Tables stored, Tables tables, boolean usable)
        throws IOException {
      List<UUID> chosen = choose(request, tables);
      String collection = tables.collection();
      WholePoints points = client.whole(collection);
      String name = backup.summary().name().value();
      Translation translation = new Translation(stored, tables, name, run.clock());
      Planner planner = new Planner(stored, tables, translation, request, points);
      try (Plan plan =
              Plan.begin(
                  tables, dialog, run.context().scratch(), new ChangeFile.Head(name, collection));
          PointSpool spool = PointSpool.in(run.context().scratch(), Fit.into(points))) {
        List<UUID> unsettled = planner.unsettled(chosen, plan);
        Optional<String> from = Optional.empty();
        if (!unsettled.isEmpty()) {
          from = usable ? read(request, stored, unsettled, spool) : Optional.empty();
          planner.plan(unsettled, spool, plan);
        }
        Optional<NewPoints> newPoints =
            request.newVectors().map(how -> new NewPoints(present, tables, points, how));
        return execution().finish(present, plan, from, newPoints, request.dryRun());
      }
    }

    private Optional<String> read(
        MemoryRestoreRequest request, Tables stored, List<UUID> ids, PointSpool spool)
        throws IOException {
      try {
        return Optional.of(
            new StoredPoints(run, backup, request.vectors(), Optional.of(client))
                .read(stored.collection(), ids, spool));
      } catch (BackupException e) {
        // Vectors that do not fit are refused before the first point is read.
        if (request.newVectors().isEmpty() || !e.operation().equals(Fit.OPERATION)) {
          throw e;
        }
        return Optional.empty();
      }
    }

    private List<UUID> choose(MemoryRestoreRequest request, Tables tables) throws IOException {
      Chosen chosen = new Chosen(memories(staged, backup), tables);
      if (request.deletedSince().isEmpty()) {
        return chosen.by(request, Optional.empty());
      }
      StoredBackup since = StoredBackup.find(run, request.deletedSince().get());
      try (StagedDatabase earlier = StagedDatabase.inScratch(run.context())) {
        since.fetch(since.require(Component.DATABASE, OPERATION), earlier);
        return chosen.by(request, Optional.of(memories(earlier, since)));
      }
    }

    private MemoryDatabase memories(StagedDatabase database, StoredBackup of) {
      return new MemoryDatabase(database.file(), of.location(), run.context().cancellation());
    }
  }
}
