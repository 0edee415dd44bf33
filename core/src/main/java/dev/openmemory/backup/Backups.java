package dev.openmemory.backup;

import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ArchiveReport;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.diff.BackupDiff;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.backup.BackupCreator;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.diff.BackupDiffer;
import dev.openmemory.backup.internal.drill.BackupDriller;
import dev.openmemory.backup.internal.putback.UnfinishedChanges;
import dev.openmemory.backup.internal.reencrypt.Reencrypter;
import dev.openmemory.backup.internal.restore.BackupRestorer;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sync.BackupSyncer;
import dev.openmemory.backup.internal.transfer.ArchiveExporter;
import dev.openmemory.backup.internal.transfer.ArchiveImporter;
import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.signature.SigningKey;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncRequest;
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
public final class Backups extends Upkeep {
  private Backups(Run.Settings settings) {
    super(settings);
  }

  /** The backups of the target, which the caller closes. */
  public static Backups in(BackupTarget target) {
    return new Backups(Run.Settings.of(Objects.requireNonNull(target)));
  }

  /** The same, reported to the listener. */
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
   * The same with temporary files (private, removed after each call) below the directory. Without
   * it a call fails with {@code NOT_FOUND}.
   */
  public Backups withScratch(Path directory) {
    return new Backups(settings.withScratch(directory));
  }

  /** The same with another limit than ten minutes for the wait on a run of the installation. */
  public Backups withLockTimeout(Duration timeout) {
    return new Backups(settings.withLockTimeout(timeout));
  }

  /** The same; new backups are encrypted, as {@code docs/format.md} says. */
  public Backups withEncryption(Encryptor encryptor) {
    return new Backups(settings.withEncryption(encryptor));
  }

  /**
   * The same, which reads encrypted backups. Without it what needs their content is {@code NO_KEY}.
   */
  public Backups withDecryption(Decryptor decryptor) {
    return new Backups(settings.withDecryption(decryptor));
  }

  /** The same; the manifests of new backups are signed with this key. */
  public Backups withSigningKey(SigningKey key) {
    return new Backups(settings.withSigningKey(key));
  }

  /**
   * The same; what none of these keys has signed is {@link BackupSummary.State#DAMAGED}, and its
   * content is not used. Deletions, pins and locks do not look at signatures.
   */
  public Backups withRequiredSignature(AllowedSigners signers) {
    return new Backups(settings.withRequiredSignature(signers));
  }

  /**
   * Backs the installation up. Remains of earlier runs that were killed are removed first.
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
   * The same into this target and others, which the caller closes. The installation is read once. A
   * target that fails is an event, is in {@link BackupReport#missed}, and has nothing of the
   * backup; the others go on, as slowly as the slowest of them.
   *
   * @throws BackupException as for one target, when all of them failed; of kind {@code INVALID}
   *     when one of them is there twice
   */
  public BackupReport create(
      Installation installation, BackupRequest request, List<BackupTarget> alsoTo)
      throws BackupException {
    return run("backup", () -> new BackupCreator(settings).create(installation, request, alsoTo));
  }

  /**
   * Stores a backup once more in this target, encrypted to the keys of {@link #withEncryption}; its
   * bytes are read back. No plain byte is written to a disk. The first one stays.
   *
   * @param as the name of the new one
   * @throws BackupException as {@link #create}, and of kind {@code NO_KEY} or {@code WRONG_KEY}
   *     when it cannot be decrypted, {@code CORRUPT} when it is damaged
   */
  public BackupReport reencrypt(BackupName name, BackupName as) throws BackupException {
    return run("reencrypt", () -> new Reencrypter(settings).reencrypt(name, as));
  }

  /** All backups, oldest first; also those of the guide's scripts and damaged ones. */
  public List<BackupSummary> list() throws BackupException {
    return run("list", () -> BackupCatalog.of(settings).list());
  }

  /** The backup of that name; a {@code NOT_FOUND} failure when there is none. */
  public BackupSummary find(BackupName name) throws BackupException {
    return run("find backup", () -> BackupCatalog.of(settings).find(name));
  }

  /** The newest backup that is not damaged. */
  public Optional<BackupSummary> latest() throws BackupException {
    return run("find backup", () -> BackupCatalog.of(settings).latest());
  }

  /**
   * Compares two backups: rows, memories by id, settings, collections. Both databases are fetched
   * to the temporary folder and checked first; the heap does not depend on their sizes. What could
   * not be compared is in the result.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such backup, {@code CORRUPT}
   *     when one is damaged, {@code UNSUPPORTED} when the databases differ in text encoding
   */
  public BackupDiff diff(BackupName before, BackupName after, DiffRequest request)
      throws BackupException {
    return run("compare", () -> new BackupDiffer(settings).diff(before, after, request));
  }

  /**
   * Proves that the backup can be restored: restores it into a private temporary folder, starts a
   * Qdrant on it where the request names one, compares collections, numbers of points and their ids
   * with the manifest and the database, and removes all of it again. Success writes a proof file
   * beside the backup, or a warning where the target takes none; failure removes it. Problems of
   * the backup are in the report.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such backup; that of the
   *     trial server when it is required and cannot be started here
   */
  public DrillReport drill(BackupName name, DrillRequest request) throws BackupException {
    return run("drill", () -> BackupDriller.drill(settings, name, request));
  }

  /**
   * Replaces the installation's present state. Everything is fetched and checked before the first
   * destructive step; a restore that was killed half way is rolled back first.
   *
   * @throws BackupException of kind {@code ROLLED_BACK} when it failed after it had begun to change
   *     things and all is as before, {@code NOT_ROLLED_BACK} when that did not succeed; {@code
   *     LOCKED} when the data is in use; {@code INCONSISTENT}, before anything is changed, when the
   *     backup has memories and an empty vector store, or a database of another program
   */
  public RestoreReport restore(BackupName name, Installation installation, RestoreRequest request)
      throws BackupException {
    return run(
        "restore",
        () ->
            new BackupRestorer(settings)
                .restore(name, installation, request, UnfinishedChanges::settleOrWarn));
  }

  /**
   * Copies to another target, which the caller closes, what is missing or different there, file by
   * file. A copy becomes visible when it is whole; what one that was cut off has sent is kept for
   * seven days. A backup that cannot be copied is in the report.
   *
   * @throws BackupException of kind {@code INVALID} when both targets are the same, {@code
   *     NOT_FOUND} when a name is unknown; that of the target when one of them cannot be used
   */
  public SyncReport sync(BackupTarget destination, SyncRequest request) throws BackupException {
    return run(
        "sync",
        () -> new BackupSyncer(settings, Objects.requireNonNull(destination), request).sync());
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
   * guide's {@code tar}. They are listed when the whole archive was read and found sound; a failure
   * leaves nothing of it. The stream is not closed.
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
}
