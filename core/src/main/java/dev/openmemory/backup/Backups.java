package dev.openmemory.backup;

import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ArchiveReport;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.diff.BackupDiff;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.internal.backup.BackupCreator;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupVerifier;
import dev.openmemory.backup.internal.crosscheck.CrossChecker;
import dev.openmemory.backup.internal.diff.BackupDiffer;
import dev.openmemory.backup.internal.drill.BackupDriller;
import dev.openmemory.backup.internal.export.BackupExporter;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.lock.RunLock;
import dev.openmemory.backup.internal.migration.MigrationReporter;
import dev.openmemory.backup.internal.prune.BackupPruner;
import dev.openmemory.backup.internal.restore.BackupRestorer;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sync.BackupSyncer;
import dev.openmemory.backup.internal.transfer.ArchiveExporter;
import dev.openmemory.backup.internal.transfer.ArchiveImporter;
import dev.openmemory.backup.internal.undo.PreviousData;
import dev.openmemory.backup.internal.undo.RestoreReverser;
import dev.openmemory.backup.migration.MigrationReport;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.undo.CleanupReport;
import dev.openmemory.backup.undo.CleanupRequest;
import dev.openmemory.backup.undo.SetAside;
import dev.openmemory.backup.undo.UndoReport;
import dev.openmemory.backup.undo.UndoRequest;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The backups in one target: make, list, verify, restore, copy, export and delete them.
 *
 * <pre>{@code
 * try (BackupTarget target = BackupTargets.open(Path.of("/srv/backups"))) {
 *   Backups backups = Backups.in(target);
 *   BackupReport report = backups.create(Installation.at(home).withStorage(storage), BackupRequest.STANDARD);
 *   backups.verify(new BackupName(report.manifest().name()));
 * }
 * }</pre>
 *
 * <p>Immutable; one instance may serve several threads if its listener allows. No thread outlives a
 * call. Every failure is a {@link BackupException}; each call leaves the target and the
 * installation as they were when it throws, except where kind {@code NOT_ROLLED_BACK} says
 * otherwise.
 */
public final class Backups {
  private final Run.Settings settings;

  private Backups(Run.Settings settings) {
    this.settings = settings;
  }

  private <T> T run(String operation, Boundary.Call<T> call) throws BackupException {
    return Boundary.call(operation, settings.store().location(), call);
  }

  /** The backups of the target, which the caller closes. */
  public static Backups in(BackupTarget target) {
    return new Backups(Run.Settings.of(Objects.requireNonNull(target)));
  }

  /** The same, told about by the listener. */
  public Backups withListener(BackupListener listener) {
    return new Backups(settings.withListener(listener));
  }

  /** The same, ended by the cancellation. */
  public Backups withCancellation(Cancellation cancellation) {
    return new Backups(settings.withCancellation(cancellation));
  }

  /** The same with another clock; its zone is that of generated names. */
  public Backups withClock(Clock clock) {
    return new Backups(settings.withClock(clock));
  }

  /** The same with other compression. */
  public Backups withCompression(Compression compression) {
    return new Backups(settings.withCompression(compression));
  }

  /**
   * The same with temporary files (private, removed after each call) below the directory. A call
   * fails with {@code NOT_FOUND} when the directory does not exist.
   */
  public Backups withScratch(Path directory) {
    return new Backups(settings.withScratch(directory));
  }

  /**
   * The same, waiting so long for another run that works on backups of the same installation in the
   * same target; ten minutes unless changed.
   */
  public Backups withLockTimeout(Duration timeout) {
    return new Backups(settings.withLockTimeout(timeout));
  }

  /**
   * Backs the installation up. Remains of earlier runs that died are removed first.
   *
   * @throws BackupException of kind {@code ALREADY_EXISTS} when the name is taken, {@code
   *     INCONSISTENT} when there are active memories and no vectors, {@code CORRUPT} when a check
   *     of the data fails, {@code LOCKED} when another run is still at work after the time-out
   */
  public BackupReport create(Installation installation, BackupRequest request)
      throws BackupException {
    return create(installation, request, List.of());
  }

  /**
   * The same into several targets at once: this one and others, which the caller closes. The
   * installation is read once, for all of them. A target that fails is left behind with nothing of
   * the backup in it, and told as an event; the others go on, as slowly as the slowest of them.
   *
   * @return with {@link BackupReport#missed} for the targets that failed
   * @throws BackupException as for one target, when all of them failed; of kind {@code INVALID}
   *     when one of them is there twice
   */
  public BackupReport create(
      Installation installation, BackupRequest request, List<BackupTarget> alsoTo)
      throws BackupException {
    return run("backup", () -> new BackupCreator(settings).create(installation, request, alsoTo));
  }

  /** All backups, oldest first; also those of the guide's scripts and damaged ones. */
  public List<BackupSummary> list() throws BackupException {
    return run("list", () -> new BackupCatalog(settings.readOnly()).list());
  }

  /**
   * The backup of that name.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is none
   */
  public BackupSummary find(BackupName name) throws BackupException {
    return run("find backup", () -> new BackupCatalog(settings.readOnly()).find(name));
  }

  /** The newest backup that is not damaged. */
  public Optional<BackupSummary> latest() throws BackupException {
    return run("find backup", () -> new BackupCatalog(settings.readOnly()).latest());
  }

  /**
   * Reads every byte of the backup and checks digests and structure; without a manifest the
   * structure alone.
   *
   * @return what was found; problems do not throw
   * @throws BackupException when the backup cannot be read at all
   */
  public VerifyReport verify(BackupName name) throws BackupException {
    return run("verify", () -> new BackupVerifier(settings).verify(name));
  }

  /**
   * Compares the memories of an installation with the vectors that its Qdrant has, as both are now.
   * Nobody is held meanwhile, so what is written at this moment may show as a difference.
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
   * in the payloads of their points, by digest. Takes some hundred bytes of heap for each point.
   *
   * @throws BackupException as the other, and of kind {@code UNSUPPORTED} when the vectors of the
   *     installation are not those of {@link Installation#withSnapshots}
   */
  public CrossCheck crossCheckWithTexts(BackupName name, Installation installation)
      throws BackupException {
    return run("cross-check", () -> new CrossChecker(settings).ofBackup(name, installation, true));
  }

  /**
   * Compares two backups of this target: rows, memories by id, settings, collections. Both
   * databases are fetched and checked first, into the temporary folder. The heap that it takes does
   * not depend on their sizes. Nothing is changed.
   *
   * @return what is different; that something could not be compared does not throw
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such backup, {@code CORRUPT}
   *     when one of them is damaged, {@code UNSUPPORTED} when the databases have different text
   *     encodings
   */
  public BackupDiff diff(BackupName before, BackupName after, DiffRequest request)
      throws BackupException {
    return run("compare", () -> new BackupDiffer(settings).diff(before, after, request));
  }

  /**
   * Proves that the backup can be restored: restores it into a private folder below the temporary
   * one, starts a Qdrant on it where the request names one, compares collections, numbers of points
   * and their ids with the manifest and the database, and removes all of it again. That it is
   * proven is recorded beside the backup; that it is not removes such a record. A target that takes
   * no record is a warning.
   *
   * @return what was found; problems of the backup do not throw
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such backup; that of the
   *     trial server when it is required and cannot be started here
   */
  public DrillReport drill(BackupName name, DrillRequest request) throws BackupException {
    return run("drill", () -> new BackupDriller(settings).drill(name, request));
  }

  /**
   * Puts the backup in the place of the installation's present state. Everything is fetched and
   * checked before the first destructive step; a restore that a dead process left half done is
   * rolled back first.
   *
   * @throws BackupException of kind {@code ROLLED_BACK} when it failed after it had begun to change
   *     things and all is as before, {@code NOT_ROLLED_BACK} when that did not succeed; {@code
   *     LOCKED} when the data is in use; {@code INCONSISTENT}, before anything is changed, when the
   *     backup has memories and an empty vector store, or a database of another program
   */
  public RestoreReport restore(BackupName name, Installation installation, RestoreRequest request)
      throws BackupException {
    return run("restore", () -> new BackupRestorer(settings).restore(name, installation, request));
  }

  /**
   * Looks for a reason to refuse the restore, before a person is asked: the backup is damaged or
   * not complete, a part has no place or its place cannot be replaced, a process has the database
   * open that the restore would not stop. Nothing is stopped and nothing is written. Of a backup
   * with a manifest only that is read. What only fetched files show is found by the restore.
   *
   * @throws BackupException as {@link #restore} would throw
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
   *     snapshots; and as {@link #restore}
   */
  public UndoReport undo(Installation installation, UndoRequest request) throws BackupException {
    return Boundary.call(
        "undo",
        installation.home().toString(),
        () -> new RestoreReverser(settings).undo(installation, request));
  }

  /** What restores of the installation have set aside, oldest first. The target is not used. */
  public List<SetAside> setAside(Installation installation) throws BackupException {
    return Boundary.call(
        "find previous data",
        installation.home().toString(),
        () -> new PreviousData(settings).list(installation));
  }

  /**
   * Removes what restores of the installation have set aside. A restore that a process left half
   * done is put in order first. The target is not used.
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

  /**
   * Says what an installation must have so that the backup works there, and what it has: variables
   * of its environment by name, the user whose memories are shown, the version of Qdrant, the
   * embedder. Changes nothing. Of a backup without a manifest database and configuration are read;
   * what cannot be found out is unknown in the report.
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
   * Copies backups to another target, which the caller closes: what is missing there or different,
   * file by file. A copy becomes visible when it is whole. What a copy that was cut off has sent is
   * kept for the next sync, for seven days.
   *
   * @return what became of each backup; one that cannot be copied does not throw
   * @throws BackupException of kind {@code INVALID} when both targets are the same, {@code
   *     NOT_FOUND} when a name is unknown; that of the target when one of them cannot be used
   */
  public SyncReport sync(BackupTarget destination, SyncRequest request) throws BackupException {
    return run(
        "sync",
        () -> new BackupSyncer(settings, Objects.requireNonNull(destination), request).sync());
  }

  /**
   * Writes one user's memories for another program, without the application running. The database
   * of the backup is fetched and checked before the first byte is written; the rest of the backup
   * is not read. The same backup gives the same bytes on the same Java.
   *
   * @param file is made, for its owner only; it appears when it is whole
   * @return what was written; what could not be taken along does not throw
   * @throws BackupException of kind {@code ALREADY_EXISTS} when there is such a file, {@code
   *     NOT_FOUND} when there is no such backup, no database in it or no such user, {@code INVALID}
   *     when several users have memories and none is named, {@code CORRUPT} when the database is
   *     not sound
   */
  public ExportReport exportMemories(BackupName name, ExportRequest request, Path file)
      throws BackupException {
    return run("export", () -> new BackupExporter(settings).export(name, request, file));
  }

  /**
   * The same to a stream, which is flushed and stays open. After a failure in the midst of writing
   * it holds a part that is no archive.
   */
  public ExportReport exportMemories(BackupName name, ExportRequest request, OutputStream out)
      throws BackupException {
    return run("export", () -> new BackupExporter(settings).export(name, request, out));
  }

  /**
   * Writes the whole backup as one tar archive of the folder {@code backups/NAME}, as the guide's
   * {@code tar} does. The file appears whole, private to its owner, or not at all.
   *
   * @throws BackupException of kind {@code ALREADY_EXISTS} when there is such a file, {@code
   *     CORRUPT} when the backup is damaged, {@code INCONSISTENT} when it changed meanwhile, {@code
   *     UNSUPPORTED} for zstd when zstd-jni is not there
   */
  public ArchiveReport exportArchive(BackupName name, ArchiveFormat format, Path file)
      throws BackupException {
    return run("export", () -> new ArchiveExporter(settings).export(name, format, file));
  }

  /**
   * The same to a stream, which is flushed and not closed. After a failure the stream has an
   * archive without an end, which no reader takes for a whole one.
   */
  public ArchiveReport exportArchive(BackupName name, ArchiveFormat format, OutputStream out)
      throws BackupException {
    return run("export", () -> new ArchiveExporter(settings).export(name, format, out));
  }

  /**
   * Takes in the backups of a tar archive, plain, gzip or zstd, of {@link #exportArchive} or of the
   * guide's {@code tar}. Files go straight to the target, and the backups are listed when the whole
   * archive was read and found sound; a failure leaves nothing of it. The stream is not closed.
   *
   * @throws BackupException of kind {@code CORRUPT} when the archive is cut off, damaged or
   *     refused, {@code ALREADY_EXISTS} when another backup has the name, {@code NOT_FOUND} when
   *     the archive has no such backup, {@code UNSUPPORTED} for zstd when zstd-jni is not there or
   *     a window of more than 128 MiB is needed
   */
  public ImportReport importArchive(InputStream archive, ImportRequest request)
      throws BackupException {
    return run("import", () -> new ArchiveImporter(settings, request).read(archive, "archive"));
  }

  /** The same from a file. */
  public ImportReport importArchive(Path file, ImportRequest request) throws BackupException {
    return run("import", () -> new ArchiveImporter(settings, request).read(file));
  }

  /**
   * Deletes the backup, its manifest first, so that it is never listed as good while it is half
   * gone.
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
   *     backup, before anything is removed; {@code LOCKED} as {@link #create}
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
    return run("list locks", () -> RunLock.all(settings.readOnly(), settings.clock()));
  }

  /**
   * Removes the locks of runs that are gone, which a new run does by itself.
   *
   * @param alsoLive whether to remove those of runs that may be at work too; such a run fails
   *     before it makes its backup visible or deletes the next one
   * @return the locks that were removed
   */
  public List<LockInfo> unlock(boolean alsoLive) throws BackupException {
    return run("unlock", () -> RunLock.remove(settings.writable(), settings.clock(), alsoLive));
  }

  /**
   * Rolls back, or finishes, what a restore that died left in the installation. Called by {@link
   * #restore} itself. After two rollbacks that failed the data is left alone.
   *
   * @return what was done, for people; empty when there was nothing
   * @throws BackupException of kind {@code NOT_ROLLED_BACK} when two have failed; the message says
   *     where the previous data is
   */
  public List<String> recover(Installation installation) throws BackupException {
    return run("recover", () -> new BackupRestorer(settings).recover(installation));
  }

  /**
   * As {@link #recover}, also after two rollbacks that failed, when {@link #recover} leaves the
   * data alone.
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
   * Looks for what a backup of the installation would fail for: each part is looked at as {@link
   * #create} does first, the database is copied to the temporary folder and checked, and the rules
   * for complete data are applied. Nothing is paused, and nothing is written to the target.
   *
   * @return for each part with a problem one warning, with the code {@link Warning#WOULD_FAIL}, or
   *     {@code database-missing}, {@code config-missing} ... when the part is not there; empty when
   *     none was found. One with the code {@code vectors-missing} when there are memories and no
   *     vector store was named
   * @throws BackupException of kind {@code CANCELLED}
   */
  public List<Warning> preflight(Installation installation) throws BackupException {
    return run("preflight", () -> new BackupCreator(settings).problems(installation));
  }

  /**
   * Removes from the target what backups and deletions that died have left, as {@link #create} does
   * before it begins. Nothing of a run that is still at work is touched.
   *
   * @return what was done, for people; empty when there was nothing
   */
  public List<String> sweepLeftovers() throws BackupException {
    return run("sweep", () -> new BackupCatalog(settings.writable()).sweep(settings.clock()));
  }
}
