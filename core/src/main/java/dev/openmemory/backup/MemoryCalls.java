package dev.openmemory.backup;

import dev.openmemory.backup.export.ExportReport;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.internal.export.BackupExporter;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.memories.HistoryReader;
import dev.openmemory.backup.internal.memories.MemoryExporter;
import dev.openmemory.backup.internal.memories.MemoryReader;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryDetails;
import dev.openmemory.backup.memories.MemoryFormat;
import dev.openmemory.backup.memories.MemoryHistory;
import dev.openmemory.backup.memories.MemoryQuery;
import java.io.OutputStream;
import java.nio.file.Path;
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
        "write memories", () -> new MemoryExporter(settings, query, format).export(name, file));
  }

  /** The same to a stream, which is flushed and stays open. */
  public MemoriesReport writeMemories(
      BackupName name, MemoryQuery query, MemoryFormat format, OutputStream out)
      throws BackupException {
    return run(
        "write memories", () -> new MemoryExporter(settings, query, format).export(name, out));
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
