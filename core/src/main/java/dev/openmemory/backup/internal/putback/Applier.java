package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import dev.openmemory.backup.internal.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes changes of memories, all or none: the points first, as OpenMemory does, then all rows in
 * one transaction. Whatever ends it, {@link #settle} finds out from the rows what is to be done
 * with the points.
 */
final class Applier {
  private final Run run;
  private final Journal journal;
  private final LiveDatabase database;
  private final Store store;

  /** The points of the installation. */
  interface Store {
    <T> T open(Cancellation cancellation, String collection, Question<T> question)
        throws IOException;
  }

  interface Question<T> {
    T ask(WholePoints points) throws IOException;
  }

  Applier(Run run, Journal journal, LiveDatabase database, Store store) {
    this.run = run;
    this.journal = journal;
    this.database = database;
    this.store = store;
  }

  /**
   * Makes the changes of the file.
   *
   * @throws BackupException of kind {@code ROLLED_BACK} when it failed and nothing is changed, or
   *     the kind of the failure when that was {@code LOCKED} or {@code CANCELLED}; {@code
   *     NOT_ROLLED_BACK} when something is left for the next call
   */
  void apply(ChangeFile changes) throws IOException {
    run.enter(Phase.APPLY, "memories");
    begin(changes);
    try {
      requireUnchanged(changes);
      String collection = changes.head().collection();
      store.<Boolean>open(
          run.context().cancellation(),
          collection,
          points -> {
            changes.each(page -> putPoints(points, page));
            return true;
          });
      database.change(
          connection -> {
            RowWriter rows = database.rows(connection);
            changes.each(page -> applyRows(rows, page));
            return true;
          });
    } catch (IOException | RuntimeException | Error e) {
      takeBack(changes, e);
    }
    run.tell(new BackupEvent.PhaseStarted(Phase.COMMIT, "memories"));
    journal.end();
  }

  /** An undo file of changes that are never made would only be in the way. */
  private void begin(ChangeFile changes) throws IOException {
    try {
      journal.begin(changes);
    } catch (IOException | RuntimeException e) {
      Undo.after(e, () -> journal.discard(changes));
      throw e;
    }
  }

  /** Before anything is changed, and of memories too of which only the point is. */
  private void requireUnchanged(ChangeFile changes) throws IOException {
    database.<Boolean>read(
        connection -> {
          RowWriter rows = database.rows(connection);
          changes.each(
              page -> {
                for (Change change : page) {
                  rows.requireUnchanged(change);
                }
              });
          return true;
        });
  }

  private static void putPoints(WholePoints points, List<Change> page) throws IOException {
    List<Change> changing = page.stream().filter(Change::changesPoint).toList();
    Map<UUID, WholePoint> present = points.find(ids(changing));
    List<WholePoint> added = new ArrayList<>();
    List<UUID> deleted = new ArrayList<>();
    for (Change change : changing) {
      if (!Change.isSame(Optional.ofNullable(present.get(change.id())), change.pointBefore())) {
        throw RowWriter.changedMeanwhile(change.id());
      }
      change.pointAfter().ifPresentOrElse(added::add, () -> deleted.add(change.id()));
    }
    points.put(added, deleted);
  }

  private static List<UUID> ids(List<Change> changes) {
    return changes.stream().map(Change::id).toList();
  }

  private static void applyRows(RowWriter rows, List<Change> page) throws BackupException {
    for (Change change : page) {
      rows.apply(change);
    }
  }

  /** Returns when all is as the changes want it after all. */
  private void takeBack(ChangeFile changes, Throwable failure) throws IOException {
    boolean done;
    try {
      done = Uninterrupted.<Boolean, IOException>call(() -> settle(changes));
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
      throw Kind.NOT_ROLLED_BACK.failure(
          "change memories",
          changes.file().toString(),
          fact(failure)
              + "; some vectors may have been changed, which could not be taken back ("
              + fact(e)
              + "). The next 'backup', 'memories restore' or 'repair' takes them back",
          failure);
    }
    if (!done) {
      if (failure instanceof BackupException e && isPlain(e.kind())) {
        throw e;
      }
      if (failure instanceof IOException || failure instanceof RuntimeException) {
        String place = failure instanceof BackupException e ? e.location() : "";
        throw Kind.ROLLED_BACK.failure("change memories", place, fact(failure), failure);
      }
      throw (Error) failure;
    }
  }

  private static boolean isPlain(Kind kind) {
    return kind == Kind.LOCKED || kind == Kind.CANCELLED;
  }

  private static String fact(Throwable failure) {
    return failure instanceof BackupException e ? e.fact() : String.valueOf(failure.getMessage());
  }

  /**
   * Ends changes that were begun: they stay when their transaction was committed; otherwise their
   * points are taken back.
   *
   * @return whether they stay
   */
  boolean settle(ChangeFile changes) throws IOException {
    boolean committed = isCommitted(changes);
    if (!committed) {
      store.<Boolean>open(
          new Cancellation(),
          changes.head().collection(),
          points -> {
            changes.each(page -> takePointsBack(points, page));
            return true;
          });
    }
    journal.end();
    if (!committed) {
      journal.discard(changes);
    }
    return committed;
  }

  /** One transaction has made all changes of rows, so that one of them tells. */
  private boolean isCommitted(ChangeFile changes) throws IOException {
    List<Change> first = new ArrayList<>();
    changes.each(
        page -> {
          if (first.isEmpty()) {
            page.stream().filter(Change::changesRows).findFirst().ifPresent(first::add);
          }
        });
    return !first.isEmpty()
        && database
            .uncancelled()
            .read(connection -> database.rows(connection).isApplied(first.get(0)));
  }

  /**
   * A request without an answer may still be carried out, so that points that were not there are
   * deleted whether they are there now or not.
   */
  private void takePointsBack(WholePoints points, List<Change> page) throws IOException {
    List<Change> changing = page.stream().filter(Change::changesPoint).toList();
    Map<UUID, WholePoint> present = points.find(ids(changing));
    List<WholePoint> added = new ArrayList<>();
    List<UUID> deleted = new ArrayList<>();
    for (Change change : changing) {
      Optional<WholePoint> now = Optional.ofNullable(present.get(change.id()));
      boolean another =
          now.isPresent()
              && !Change.isSame(now, change.pointAfter())
              && !Change.isSame(now, change.pointBefore());
      if (another) {
        run.warn(
            new Warning(
                "vector-changed",
                "The vector of memory "
                    + change.id()
                    + " was changed by another program meanwhile, and stays as it is."));
      } else {
        change.pointBefore().ifPresentOrElse(added::add, () -> deleted.add(change.id()));
      }
    }
    points.put(added, deleted);
  }
}
