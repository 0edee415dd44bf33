package dev.openmemory.backup;

import dev.openmemory.backup.internal.backup.BackupCreator;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupVerifier;
import dev.openmemory.backup.internal.catalog.SealedBackup;
import dev.openmemory.backup.internal.crosscheck.CrossChecker;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.lock.LockList;
import dev.openmemory.backup.internal.migration.MigrationReporter;
import dev.openmemory.backup.internal.prune.BackupPruner;
import dev.openmemory.backup.internal.restore.BackupRestorer;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.targetcheck.TargetChecker;
import dev.openmemory.backup.internal.undo.PreviousData;
import dev.openmemory.backup.internal.undo.RestoreReverser;
import dev.openmemory.backup.migration.MigrationReport;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.targetcheck.TargetCheckReport;
import dev.openmemory.backup.targetcheck.TargetCheckRequest;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.CleanupRequest;
import dev.openmemory.backup.undo.SetAside;
import dev.openmemory.backup.undo.UndoReport;
import dev.openmemory.backup.undo.UndoRequest;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.VerifyReport;
import java.util.List;

/** The calls of {@link Backups} that examine an installation and keep its backups in order. */
abstract sealed class Upkeep extends MemoryCalls permits Backups {
  Upkeep(Run.Settings settings) {
    super(settings);
  }

  /**
   * The backup of that name; of an encrypted one with what is encrypted of its manifest.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is none, {@code NO_KEY} or {@code
   *     WRONG_KEY} when it cannot be decrypted
   */
  public BackupSummary details(BackupName name) throws BackupException {
    return run("find backup", () -> SealedBackup.find(settings, name));
  }

  /**
   * Reads every byte of the backup and checks digests and structure; without a manifest the
   * structure alone. Problems are in the report; only a backup that cannot be read at all throws.
   */
  public VerifyReport verify(BackupName name) throws BackupException {
    return run("verify", () -> new BackupVerifier(settings).verify(name));
  }

  /**
   * Says what an installation must have so that the backup works there, and what it has: variables
   * by name, the user for the memories to show, the version of Qdrant, the embedder. Changes
   * nothing; what cannot be found out is unknown in the report.
   *
   * @param installation need not exist yet
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such backup; that of the
   *     target when it cannot be read
   */
  public MigrationReport migrationReport(BackupName name, Installation installation)
      throws BackupException {
    return run("check migration", () -> new MigrationReporter(settings).report(name, installation));
  }

  /**
   * Looks for what {@link Backups#create} would fail for: looks at each part as it does first,
   * checks a temporary copy of the database, and applies the rules for complete data. Nothing is
   * paused, and nothing is written to the target.
   *
   * @return a warning for each part with a problem, of code {@link Warning#WOULD_FAIL}, or {@code
   *     database-missing}, {@code config-missing} ... when it is not there; {@code vectors-missing}
   *     also when there are memories and no vector store was named
   * @throws BackupException of kind {@code CANCELLED}
   */
  public List<Warning> preflight(Installation installation) throws BackupException {
    return run("preflight", () -> new BackupCreator(settings).problems(installation));
  }

  /**
   * Compares the memories of an installation with the vectors of its Qdrant, as both are now.
   * Nothing is paused, so what is written at this moment may show as a difference.
   *
   * @throws BackupException of kind {@code UNAVAILABLE} when no running Qdrant is known, {@code
   *     NOT_FOUND} when there are no memories or none of the collections is theirs
   */
  public CrossCheck crossCheck(Installation installation) throws BackupException {
    return run("cross-check", () -> new CrossChecker(settings).live(installation));
  }

  /**
   * Compares the memories of a backup with the vectors that the Qdrant of an installation has now,
   * such as one into which the backup was restored.
   *
   * @throws BackupException as {@link #crossCheck(Installation)}, and of kind {@code NOT_FOUND}
   *     when there is no such backup or it has no database
   */
  public CrossCheck crossCheck(BackupName name, Installation installation) throws BackupException {
    return run("cross-check", () -> new CrossChecker(settings).ofBackup(name, installation, false));
  }

  /**
   * As {@link #crossCheck(BackupName, Installation)}, and compares the texts of memories with those
   * in the payloads of their points, by digest.
   *
   * @throws BackupException as the other, and of kind {@code UNSUPPORTED} when the vector store
   *     shows no texts
   */
  public CrossCheck crossCheckWithTexts(BackupName name, Installation installation)
      throws BackupException {
    return run("cross-check", () -> new CrossChecker(settings).ofBackup(name, installation, true));
  }

  /**
   * Deletes the backup, its manifest first, so that it is never listed as good while it is half
   * deleted.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is none, {@code INVALID} when it
   *     is pinned
   */
  public void delete(BackupName name) throws BackupException {
    Boundary.step(
        "delete",
        settings.store().location(),
        () -> new BackupCatalog(settings.writable()).delete(name, settings.clock()));
  }

  /**
   * Removes the backups that the policy does not keep, installation by installation, the oldest
   * first. Backups without a usable manifest are left alone unless the request says otherwise;
   * damaged and suspicious ones take no place; nothing goes while the newest is suspicious, nor
   * what is pinned, nor the last that is proven.
   *
   * @return what was decided and done about each backup; one that cannot be deleted does not throw
   * @throws BackupException of kind {@code INVALID} when an installation would be left without a
   *     backup, before anything is removed; {@code LOCKED} as {@link Backups#create}
   */
  public PruneReport prune(PruneRequest request) throws BackupException {
    return run("prune", () -> new BackupPruner(settings).prune(request));
  }

  /**
   * Keeps the backup from being deleted, by any of the calls here, until it is unpinned.
   *
   * @return whether it was not pinned before
   * @throws BackupException of kind {@code NOT_FOUND} when there is none
   */
  public boolean pin(BackupName name) throws BackupException {
    return run("pin", () -> new BackupCatalog(settings.writable()).pin(name, settings.clock()));
  }

  /**
   * Undoes {@link #pin}.
   *
   * @return whether it was pinned
   * @throws BackupException of kind {@code NOT_FOUND} when there is none
   */
  public boolean unpin(BackupName name) throws BackupException {
    return run("unpin", () -> new BackupCatalog(settings.writable()).unpin(name));
  }

  /** The runs that work, or seem to, on backups in the target. */
  public List<LockInfo> locks() throws BackupException {
    return run("list locks", () -> new LockList(settings.readOnly(), settings.clock()).all());
  }

  /**
   * Removes the locks of runs that are gone, which a new run does by itself.
   *
   * @param alsoLive whether to remove those of runs that may be at work too; such a run fails
   *     before it makes its backup visible or deletes the next one
   * @return the locks that were removed
   */
  public List<LockInfo> unlock(boolean alsoLive) throws BackupException {
    return run(
        "unlock", () -> new LockList(settings.writable(), settings.clock()).remove(alsoLive));
  }

  /**
   * Rolls back, or finishes, what a restore that was killed left in the installation. Called by
   * {@link Backups#restore} itself. After two rollbacks that failed the data is left alone.
   *
   * @return what was done, for people; empty when there was nothing
   * @throws BackupException of kind {@code NOT_ROLLED_BACK} when two have failed, or when the data
   *     is neither the previous one nor what the restore left; the message says where the previous
   *     data is; {@code LOCKED} while another run does the same
   */
  public List<String> recover(Installation installation) throws BackupException {
    return run("recover", () -> new BackupRestorer(settings).recover(installation));
  }

  /**
   * As {@link #recover}, also after two rollbacks that failed and in the place of a repair by hand,
   * when {@link #recover} leaves the data alone.
   */
  public List<String> retryRecovery(Installation installation) throws BackupException {
    return run("recover", () -> new BackupRestorer(settings).retryRecovery(installation));
  }

  /**
   * Ends a restore that could not be rolled back, because a person has put the data in order: no
   * data is touched, copies that the restore made stay, and the writers are resumed.
   *
   * @return what was done, for people; empty when there was nothing
   */
  public List<String> acceptRepair(Installation installation) throws BackupException {
    return run("recover", () -> new BackupRestorer(settings).acceptRepair(installation));
  }

  /**
   * Removes from the target what killed backups and deletions have left, as {@link Backups#create}
   * does first. Nothing of a run that is still at work is touched.
   *
   * @return what was done, for people; empty when there was nothing
   */
  public List<String> sweepLeftovers() throws BackupException {
    return run("sweep", () -> new BackupCatalog(settings.writable()).sweep(settings.clock()));
  }

  /**
   * Finds out by trying what the target can be used for: which of its duties the store keeps.
   * Writes below one new name, which is never listed as a backup, and removes all of it, also after
   * a failure and a cancellation; what a killed check leaves, the next run removes. No other object
   * is touched, except that leftovers of killed runs are removed as {@link Backups#create} does.
   * Where deletes are refused, one object of some hundred bytes is written, and stays.
   *
   * @return what was found; a duty that is broken does not throw
   * @throws BackupException of kind {@code NOT_FOUND} when the target does not exist yet, and as
   *     any call when it cannot be reached or listed at all. What could not be removed then is an
   *     event, {@link BackupEvent.WarningRaised}
   */
  public TargetCheckReport checkTarget(TargetCheckRequest request) throws BackupException {
    return run("check target", () -> new TargetChecker(settings).check(request));
  }

  /**
   * Looks for a reason to refuse the restore, before a person is asked: the backup is damaged or
   * not complete, a part has no place or its place cannot be replaced, a process has the database
   * open that the restore would not stop. Nothing is stopped and nothing is written. Of a backup
   * with a manifest only that is read. What only fetched files show is found by the restore.
   *
   * @throws BackupException as {@link Backups#restore} would throw
   */
  public void checkRestore(BackupName name, Installation installation, RestoreRequest request)
      throws BackupException {
    Boundary.step(
        "restore",
        settings.store().location(),
        () -> new BackupRestorer(settings).check(name, installation, request));
  }

  /**
   * Puts back what the last restore has set aside; the data that it replaces is set aside in turn,
   * so that another undo brings it back. It is a restore itself: all is checked first, the writers
   * are stopped, a failure is rolled back, and what a process that was killed has left half done is
   * put in order by the next call. The target is not used.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when the last restore has set nothing aside,
   *     or it is no longer there; {@code INVALID} when the data is in another place now; {@code
   *     CORRUPT} when what was set aside is damaged; {@code UNSUPPORTED} after a restore of
   *     snapshots; and as {@link Backups#restore}
   */
  public UndoReport undo(Installation installation, UndoRequest request) throws BackupException {
    return Boundary.call(
        "undo",
        installation.home().toString(),
        () -> new RestoreReverser(settings).undo(installation, request));
  }

  /**
   * What restores of the installation have set aside, and changes of single memories have kept,
   * oldest first. The target is not used.
   */
  public List<SetAside> setAside(Installation installation) throws BackupException {
    return Boundary.call(
        "find previous data",
        installation.home().toString(),
        () -> new PreviousData(settings).list(installation));
  }

  /**
   * Removes what {@link #setAside} lists. A restore that a process left half done is put in order
   * first; what it takes to put changes of memories in order stays. The target is not used.
   *
   * @throws BackupException of kind {@code LOCKED} while a restore is at work
   */
  public CleanupReport cleanUp(Installation installation, CleanupRequest request)
      throws BackupException {
    return Boundary.call(
        "clean up",
        installation.home().toString(),
        () -> new PreviousData(settings).cleanUp(installation, request));
  }
}
