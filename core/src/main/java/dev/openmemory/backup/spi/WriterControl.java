package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Quiesce;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what writes an installation's data, and lets it go again. The engine records the writers
 * before it holds them, so that a later process can resume what this one left held.
 *
 * <p>Not thread-safe, but for {@link #resume}, which a shutdown hook may call at any time.
 */
public interface WriterControl extends Closeable {
  /**
   * The writers that run now, in the order in which they are to be held: one that depends on
   * another comes before it. A writer that is stopped or held already is not among them. Changes
   * nothing.
   */
  List<Writer> running() throws IOException;

  /**
   * Gets ready to observe the writers, so that no writer is held for longer than the answers take:
   * the first call over a connection is the slowest. Called before the first of them is held; never
   * fails for what it cannot reach. Does nothing unless overridden.
   */
  default void prepare(List<Writer> writers, Cancellation cancellation) throws IOException {}

  /**
   * Whether the others depend on the writer, the last of {@link #running}, so that it is started
   * first and alone and the data is looked at then. True unless overridden.
   */
  default boolean isStore(Writer writer) {
    return true;
  }

  /**
   * Whether the writer may read or write the data of a component itself. A restore leaves one that
   * runs as it is when it uses nothing of what is replaced. True unless overridden.
   */
  default boolean uses(Writer writer, String component) {
    return true;
  }

  /**
   * What the writer reports about its data, by component, such as exact counts. Called while the
   * writers before it in {@link #running} are held and it still runs, so that the answer is true of
   * the instant that is captured. Empty when it reports nothing; never fails for that.
   */
  Map<String, Facts> observe(Writer writer, Cancellation cancellation) throws IOException;

  /**
   * Holds the writer; nothing happens when it is held that way already. One that is to be stopped
   * may be paused before.
   *
   * @throws BackupException when it cannot be held; then it is as before, or {@link #resume} and
   *     {@link #keepRunning} let it run again. Of kind {@code UNSUPPORTED} when it cannot be paused
   */
  void hold(Writer writer, Quiesce how, Cancellation cancellation) throws IOException;

  /**
   * Ends a writer that was paused without letting it run again, so that it confirms no change of
   * data that is about to be replaced. As {@link #hold} with {@code STOP} unless overridden.
   *
   * @throws BackupException as {@link #hold}
   */
  default void end(Writer writer, Cancellation cancellation) throws IOException {
    hold(writer, Quiesce.STOP, cancellation);
  }

  /**
   * Lets the writer run, however it was held; nothing happens when it does. Works under an
   * interrupt and regardless of any cancellation.
   *
   * @throws BackupException of kind {@code NOT_FOUND} when it no longer exists
   */
  void resume(Writer writer) throws IOException;

  /**
   * Waits until the writers, which were resumed, serve again and have taken in what they found.
   *
   * @throws BackupException of kind {@code TIMEOUT} when they do not within a time that the control
   *     knows to be ample
   */
  void awaitReady(List<Writer> writers, Cancellation cancellation) throws IOException;

  /**
   * Asked before the first writer is stopped: whether each can be started again as it was. Changes
   * nothing, and refuses nothing unless overridden.
   *
   * @throws BackupException of kind {@code UNSUPPORTED}, naming one that cannot
   */
  default void requireRestartable(List<Writer> writers) throws IOException {}

  /** How long a stop takes at most, for people; empty when it takes no time. */
  default Optional<Duration> longestStop() {
    return Optional.empty();
  }

  /**
   * Watches writers, which were stopped and resumed, until they have run on for some seconds and no
   * stop can take effect any more that was asked for before, also by a process that was killed.
   * Resumes again what ends meanwhile. Writers that no longer exist are left out. Does nothing
   * unless overridden.
   *
   * @throws BackupException when one ends again and again
   */
  default void keepRunning(List<Writer> writers) throws IOException {}
}
