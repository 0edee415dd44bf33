package dev.openmemory.backup.internal.pause;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupReport.Held;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running writers of an installation, to be held for a while. However that ends, they run
 * again: by {@link #close}, by a shutdown hook, or by the next run, which finds the {@link
 * HeldRecord}.
 */
public final class HeldWriters implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(HeldWriters.class);

  private volatile HeldRecord record;
  private final AffectedWriters affected;
  private final WriterControl control;
  private final RecordedPause pause;
  private boolean holding;
  private boolean ended;
  private boolean mixed;
  private Undo.Step beforeShutdown = () -> {};

  /** Whether the end of the process has resumed them in the middle of the pause. */
  private boolean broken;

  /** Whether one was stopped, so that it may end again: by itself, or by a stop that is late. */
  private boolean stopped;

  private Consumer<BackupEvent> listener = event -> {};

  private HeldWriters(Path home, HeldRecord record, boolean replaces, AffectedWriters affected) {
    this.record = record;
    this.affected = affected;
    this.control = affected.control();
    this.pause = new RecordedPause(home, record, replaces, this::atShutdown);
  }

  /** The writers that run now; none is held yet. */
  public static HeldWriters running(
      Path home, Writers writers, AffectedWriters affected, Clock clock) throws IOException {
    try {
      List<Writer> running = affected.running();
      // Writers paused by another run are not listed. That run may resume them at any time.
      HeldRecord.requireNone(home);
      return new HeldWriters(home, HeldRecord.of(home, clock, writers, running), false, affected);
    } catch (IOException | RuntimeException e) {
      Undo.after(e, affected.control()::close);
      throw e;
    }
  }

  /** These, whether they run or not; takes over the record of a run that is gone. */
  public static HeldWriters of(
      Path home, Writers writers, WriterControl control, Clock clock, List<Writer> all) {
    return new HeldWriters(
        home, HeldRecord.of(home, clock, writers, all), true, AffectedWriters.all(control));
  }

  /** Sends events there from now on. */
  public void telling(Consumer<BackupEvent> events) {
    listener = events;
  }

  public List<Writer> writers() {
    return record.writers();
  }

  /** What can ask a store among them for its points. */
  public Optional<OpensVectorStore> store() {
    return control instanceof OpensVectorStore knows ? Optional.of(knows) : Optional.empty();
  }

  /**
   * Holds all of them, or none when one cannot be held; see {@link HoldSequence}.
   *
   * @return what they reported about their data just before, by component
   */
  public Map<String, Facts> hold(Quiesce chosen, Cancellation cancellation) throws IOException {
    return hold(chosen, false, cancellation);
  }

  /** Stops all of them, as {@link #hold}, because their data is about to be replaced. */
  public Map<String, Facts> stopForExchange(Cancellation cancellation) throws IOException {
    return hold(Quiesce.STOP, true, cancellation);
  }

  private Map<String, Facts> hold(Quiesce chosen, boolean replaces, Cancellation cancellation)
      throws IOException {
    if (chosen == Quiesce.NONE || record.writers().isEmpty()) {
      return Map.of();
    }
    cancellation.check();
    if (chosen == Quiesce.STOP) {
      control.requireRestartable(record.writers());
    }
    control.prepare(record.writers(), cancellation);
    begin(chosen);
    try {
      return new HoldSequence(control, record.writers(), replaces, listener, this::holdOne)
          .hold(chosen, cancellation);
    } catch (IOException | RuntimeException | Error e) {
      Undo.after(e, this::resumeUnlessMixed);
      throw e;
    }
  }

  private synchronized void begin(Quiesce chosen) throws IOException {
    refuseEnded();
    pause.begin(chosen);
    holding = true;
  }

  /** Not while the process ends: what the hook has resumed keeps running. */
  private synchronized void holdOne(boolean stops, Undo.Step step) throws IOException {
    refuseEnded();
    stopped |= stops;
    try {
      step.run();
    } catch (BackupException e) {
      // Removed since it was recorded; it must not keep the data from being put in order.
      if (!mixed || e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  private void refuseEnded() throws BackupException {
    if (ended) {
      throw Kind.CANCELLED.failure("pause containers", "", "the process is ending");
    }
  }

  /**
   * Lets all run again, in the reverse order; the record of them stays.
   *
   * @throws BackupException of kind {@code CANCELLED} when the end of the process did so before:
   *     what was captured since is not of one instant
   */
  public synchronized void resume() throws IOException {
    if (broken) {
      throw Kind.CANCELLED.failure(
          "pause containers", "", "the process is ending and has resumed them too early");
    }
    resumeHeld();
  }

  private synchronized void resumeUnlessMixed() throws IOException {
    if (!mixed) {
      resume();
    }
  }

  private void resumeHeld() throws BackupException {
    if (holding) {
      try {
        new Resumption(control, record.writers()).all();
      } finally {
        pause.end();
      }
      holding = false;
    }
  }

  /** See {@link WriterControl#isStore}. */
  public boolean isStore(Writer writer) {
    return control.isStore(writer);
  }

  /** Lets one run; the others stay held. */
  public synchronized void resume(Writer writer) throws IOException {
    refuseEnded();
    control.resume(writer);
  }

  /** Waits until one that was resumed is ready. */
  public void awaitReady(Writer writer, Cancellation cancellation) throws IOException {
    control.awaitReady(List.of(writer), cancellation);
  }

  /**
   * Watches all until they have run on for some seconds, where one was stopped.
   *
   * @throws BackupException when one ends again and again
   */
  public synchronized void keepRunning() throws IOException {
    if (stopped) {
      control.keepRunning(record.writers());
      stopped = false;
    }
  }

  /** The writers that were paused, and for how long so far. */
  public synchronized Optional<Held> held() {
    return pause.held();
  }

  /** Lets all run again and forgets them. When one cannot, the record stays for the next run. */
  @Override
  public void close() throws IOException {
    Closeable last = () -> Uninterrupted.run(control::close);
    try (last) {
      try {
        Uninterrupted.run(this::end);
      } catch (IOException | RuntimeException e) {
        Undo.after(e, this::leave);
        throw e;
      }
    }
  }

  /** Leaves them as they are, to be resumed by the next run, which finds the record. */
  public void leaveHeld() throws IOException {
    try (control) {
      leave();
    }
  }

  private synchronized void leave() throws IOException {
    ended = true;
    pause.leave();
  }

  private synchronized void end() throws IOException {
    if (ended) {
      return;
    }
    resumeHeld();
    keepRunning();
    ended = true;
    pause.delete();
  }

  /**
   * To be called before the data is exchanged, while they are held, and before it is put back; see
   * {@link #dataIsMixed}.
   *
   * @throws BackupException of kind {@code CANCELLED} when the end of the process has resumed them
   */
  public synchronized void beginExchange() throws BackupException {
    refuseEnded();
    mixed = true;
  }

  /** The names of all writers that run now, also of writers that were started meanwhile. */
  public List<String> nowRunning() throws IOException {
    return affected.running().stream().map(Writer::name).toList();
  }

  /**
   * Takes in writers that were started or made anew since, to be held and resumed like the rest.
   */
  public synchronized void includeStarted() throws IOException {
    List<Writer> all = new ArrayList<>(record.writers());
    affected.running().stream().filter(writer -> !all.contains(writer)).forEach(all::add);
    record = record.with(all);
    pause.change(record);
  }

  /**
   * Says whether the data is half exchanged. No writer may start on it, so a process that ends then
   * leaves them stopped for the next run, which first repairs the data.
   */
  public synchronized void dataIsMixed(boolean now) {
    dataIsMixed(now, () -> {});
  }

  /** The same, with what the end of the process does before it lets them run. */
  public synchronized void dataIsMixed(boolean now, Undo.Step first) {
    mixed = now;
    beforeShutdown = first;
  }

  /** What the hook does. */
  synchronized void atShutdown() {
    try {
      if (!mixed) {
        broken = holding;
        beforeShutdown.run();
        end();
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("Writers could not be resumed; the next run tries again: {}", writers(), e);
    }
  }
}
