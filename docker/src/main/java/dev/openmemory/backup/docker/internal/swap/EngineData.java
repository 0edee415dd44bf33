package dev.openmemory.backup.docker.internal.swap;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.TarContents;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Data that only an engine can read and write, as {@link EngineSwap} exchanges it. */
public interface EngineData extends Closeable {
  /** Where it is, for messages. */
  String describe();

  /**
   * Refuses while a container that uses the data runs or is paused.
   *
   * @throws dev.openmemory.backup.BackupException of kind {@code LOCKED}
   */
  void requireReleased() throws IOException;

  /**
   * Copies the present data to a new file of this host, as a tar that {@link #put} takes.
   *
   * @return false when there is none, and no file was made
   */
  boolean save(Path tar, Cancellation cancellation) throws IOException;

  /** Copies the present files of these names to a new file of this host, as a tar. */
  void saveFiles(Set<String> names, Path tar, Cancellation cancellation) throws IOException;

  /** Replaces the present data with that of the tar, whole, and proves that it is there. */
  void put(Path tar) throws IOException;

  /**
   * Puts back what {@link #save} copied, also when the place cannot be proven to be empty before.
   * What is there afterwards is for the caller to look at.
   */
  void putBack(Path tar) throws IOException;

  /** Removes what {@link #put} made where there was nothing before. */
  void remove() throws IOException;

  /** What is there now; without any entry when the place does not exist. */
  TarContents present() throws IOException;

  /** What {@link #present} gives when the tar was put. */
  TarContents of(Path tar) throws IOException;

  /**
   * Whether these files, which the restore has not put there, can be of a program that was started
   * on the restored data.
   *
   * @param before what was there before the restore
   */
  boolean canBeOfProgram(TarContents files, TarContents put, TarContents before);

  /** See {@link dev.openmemory.backup.spi.Restoration#confirm}. */
  void confirm(Facts stated, Cancellation cancellation) throws IOException;

  /** Closes the connection to the engine. */
  @Override
  void close() throws IOException;
}
