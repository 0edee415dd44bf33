package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * A Qdrant that is started on data that was restored for it, looked at, and thrown away. The order
 * is {@link #prepare}, {@link #start}, {@link #close}; close may come at any time. Not thread-safe.
 */
public interface TrialServer extends Closeable {
  /**
   * Makes sure that it can be started, and removes what killed trials have left.
   *
   * @param stated facts that the backup states of its vectors
   * @return what will be started, for people and for the record of the proof
   * @throws BackupException of kind {@code NOT_FOUND} when the program or image is not there,
   *     {@code UNAVAILABLE}, {@code DENIED}, {@code TIMEOUT} or {@code UNSUPPORTED} when it cannot
   *     be started from here; {@code INVALID} when it is no program
   */
  String prepare(Facts stated, RunContext context) throws IOException;

  /**
   * Starts it on the folders, without waiting until it serves. It must not reach any network beyond
   * this host, nor be reached from beyond it.
   */
  void start(TrialFolders folders, RunContext context) throws IOException;

  /** Where its REST interface is, or will be; empty as long as that is not known. */
  Optional<URI> address() throws IOException;

  /** How it ended, with the last that it said; empty while it runs. */
  Optional<String> ended() throws IOException;

  /** The last lines that it said so far, for a message; may be empty. */
  String lastWords() throws IOException;

  /**
   * Ends it, without regard for its data, and removes what was made for it. Works in a thread that
   * was interrupted, and may be repeated.
   */
  @Override
  void close() throws IOException;
}
