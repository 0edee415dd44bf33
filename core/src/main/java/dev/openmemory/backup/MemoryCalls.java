package dev.openmemory.backup;

import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.internal.export.BackupExporter;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.memories.HistoryReader;
import dev.openmemory.backup.internal.memories.MemoryExporter;
import dev.openmemory.backup.internal.memories.MemoryReader;
import dev.openmemory.backup.internal.putback.MemoryRepairer;
import dev.openmemory.backup.internal.putback.MemoryRestorer;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryDetails;
import dev.openmemory.backup.memories.MemoryFormat;
import dev.openmemory.backup.memories.MemoryHistory;
import dev.openmemory.backup.memories.MemoryQuery;
import dev.openmemory.backup.memories.MemoryRepairReport;
import dev.openmemory.backup.memories.MemoryRepairRequest;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.memories.MemoryRestoreRequest;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The calls of {@link Backups} that look at single memories. */
abstract sealed class MemoryCalls permits Upkeep {
  final Run.Settings settings;

  MemoryCalls(Run.Settings settings) {
    this.settings = settings;
  }

  final <T> T run(String operation, Boundary.Call<T> call) throws BackupException {
    return Boundary.call(operation, settings.store().location(), call);
  }

  /**
   * Hands over the memories of a backup that the query wants, oldest first. Of the backup only the
   * database is fetched, to the temporary folder, and checked; the heap does not depend on its
   * size.
   *
   * @param each is called in this thread; what it throws ends the call
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such backup or it has no
   *     memories of OpenMemory, {@code CORRUPT} when the database is damaged, {@code NO_KEY} or
   *     {@code WRONG_KEY} when it cannot be decrypted
   */
  public MemoriesReport memories(BackupName name, MemoryQuery query, Consumer<Memory> each)
      throws BackupException {
    return run("read memories", () -> new MemoryReader(settings).list(name, query, each));
  }

  /**
   * All that a backup has about one memory. Of the backup only the database is fetched.
   *
   * @param id with or without dashes, in any case; its beginning is enough if only one begins so
   * @throws BackupException as {@link #memories}, of kind {@code NOT_FOUND} also when there is no
   *     such memory, {@code INVALID} when several ids begin so
   */
  public MemoryDetails memory(BackupName name, String id) throws BackupException {
    return run("find memory", () -> new MemoryReader(settings).find(name, id));
  }

  /**
   * One memory through all backups of the target. Of each only the database is fetched, and not at
   * all where it is the same as in the backup before. A backup that is damaged, or cannot be
   * decrypted, is in the result.
   *
   * @param id as of {@link #memory}
   * @throws BackupException of kind {@code NOT_FOUND} when no backup that could be read has such a
   *     memory, {@code INVALID} when several ids begin so; that of the target when it cannot be
   *     read
   */
  public MemoryHistory memoryHistory(String id) throws BackupException {
    return run("find memory", () -> HistoryReader.read(settings, id));
  }

  /**
   * Writes the memories of a backup that the query wants, oldest first, for a person or another
   * program. The database is checked before the first byte is written. The same backup gives the
   * same bytes.
   *
   * @param file is made, for its owner only; it appears when it is whole
   * @throws BackupException as {@link #memories}, and of kind {@code ALREADY_EXISTS} when there is
   *     such a file
   */
  public MemoriesReport writeMemories(
      BackupName name, MemoryQuery query, MemoryFormat format, Path file) throws BackupException {
    return run(
        "write memories",
        () -> new MemoryExporter(settings, query, format, Optional.empty()).export(name, file));
  }

  /** The same to a stream, which is flushed and stays open. */
  public MemoriesReport writeMemories(
      BackupName name, MemoryQuery query, MemoryFormat format, OutputStream out)
      throws BackupException {
    return run(
        "write memories",
        () -> new MemoryExporter(settings, query, format, Optional.empty()).export(name, out));
  }

  /**
   * The same as JSON lines with what the vector store has of each memory, payload and vectors, in
   * the member {@code point}; it is null where the backup has none. So another store can be filled.
   * The vectors are read from a temporary copy of the backup.
   *
   * @param vectors what may open them, as of a drill
   * @throws BackupException as {@link #writeMemories}, and of kind {@code UNSUPPORTED} when nothing
   *     here can open the vectors of the backup
   */
  public MemoriesReport writeMemoriesWithVectors(
      BackupName name, MemoryQuery query, DrillRequest vectors, Path file) throws BackupException {
    return run("write memories", () -> withVectors(query, vectors).export(name, file));
  }

  /** The same to a stream, which is flushed and stays open. */
  public MemoriesReport writeMemoriesWithVectors(
      BackupName name, MemoryQuery query, DrillRequest vectors, OutputStream out)
      throws BackupException {
    return run("write memories", () -> withVectors(query, vectors).export(name, out));
  }

  private MemoryExporter withVectors(MemoryQuery query, DrillRequest vectors) {
    return new MemoryExporter(settings, query, MemoryFormat.JSONL, Optional.of(vectors));
  }

  /**
   * Puts memories of a backup back into an installation, which may be running: rows into its
   * database, in one short transaction, and points with payload and vectors into its Qdrant. A
   * memory that is there and differs stays unless the request says otherwise. All memories that are
   * changed are, or none: also when the process ends in between, after the next call. What was
   * there before is kept in a file for {@link #undoMemories}. If the request wants new vectors, the
   * embedder of OpenMemory's settings is asked after the dialog has agreed, and before anything is
   * changed.
   *
   * @param dialog is shown what will be done, and asked before anything is changed
   * @throws BackupException of kind {@code NOT_FOUND} when there is no such backup or memory,
   *     {@code INCONSISTENT} when the backup is of another embedder, {@code UNAVAILABLE} when no
   *     running Qdrant is known, {@code UNSUPPORTED} when nothing here can open the vectors of the
   *     backup or the database is no file of this host, {@code LOCKED} when another process holds
   *     its lock for too long; {@code ROLLED_BACK} when it failed and all is as before, {@code
   *     NOT_ROLLED_BACK} when the next call has to take something back; of the embedder {@code
   *     NO_KEY}, {@code DENIED}, {@code UNAVAILABLE}, {@code TIMEOUT}, {@code UNSUPPORTED} for
   *     another provider, {@code CORRUPT} or {@code INCONSISTENT} for an answer that does not fit
   */
  public MemoryRestoreReport restoreMemories(
      BackupName name,
      Installation installation,
      MemoryRestoreRequest request,
      MemoryRestoreDialog dialog)
      throws BackupException {
    return run(
        "restore memories",
        () -> new MemoryRestorer(settings, installation, dialog).restore(name, request));
  }

  /**
   * Takes back what {@link #restoreMemories} has changed. A memory that was changed since stays as
   * it is. Users, apps and categories that it has added stay. The target is not used.
   *
   * @param file of {@link MemoryRestoreReport#undoFile}
   * @throws BackupException of kind {@code INVALID} when the file is another one; and as {@link
   *     #restoreMemories}
   */
  public MemoryRestoreReport undoMemories(
      Path file, Installation installation, boolean dryRun, MemoryRestoreDialog dialog)
      throws BackupException {
    return Boundary.call(
        "undo memories",
        installation.home().toString(),
        () -> new MemoryRestorer(settings, installation, dialog).undo(file, dryRun));
  }

  /**
   * Makes memories and vectors of an installation belong together, which may be running. A memory
   * without a vector gets it from the newest backup that has the memory with the same text, or else
   * a new one if the request wants that. A vector without a memory, or of a deleted one, stays
   * unless the request says otherwise. All is done, or nothing, as by {@link #restoreMemories};
   * {@link #undoMemories} takes it back.
   *
   * @param dialog is shown what will be done, and asked before anything is changed
   * @throws BackupException as {@link #restoreMemories}; a backup that cannot be used is a warning
   */
  public MemoryRepairReport repairMemories(
      Installation installation, MemoryRepairRequest request, MemoryRestoreDialog dialog)
      throws BackupException {
    return run(
        "repair memories",
        () -> new MemoryRepairer(settings, installation, dialog).repair(request));
  }

  /**
   * Writes one user's memories for another program. The database of the backup is checked before
   * the first byte is written; the rest is not read. The same backup gives the same bytes on the
   * same Java. What could not be taken along is in the report.
   *
   * @param file is made, for its owner only; it appears when it is whole
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
}
