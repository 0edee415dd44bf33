package dev.openmemory.backup.internal.pause;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds writers in their order. Before the first is stopped all are paused where that is possible:
 * that takes effect at once and can be taken back at once, and none of them confirms a change while
 * another one takes its time to stop. One that cannot be paused is stopped first.
 *
 * @param replaces whether their data is about to be replaced
 * @param one does a step with one of them
 */
record HoldSequence(
    WriterControl control,
    List<Writer> writers,
    boolean replaces,
    Consumer<BackupEvent> listener,
    One one) {
  private static final Logger LOG = LoggerFactory.getLogger(HoldSequence.class);

  /** Does a step with a writer. */
  interface One {
    /**
     * Does it.
     *
     * @param stops whether it may still take effect after it has failed
     */
    void hold(boolean stops, Undo.Step step) throws IOException;
  }

  /** Returns what the writers reported about their data just before, by component. */
  Map<String, Facts> hold(Quiesce chosen, Cancellation cancellation) throws IOException {
    Map<String, Facts> observed = new LinkedHashMap<>();
    List<Writer> paused = new ArrayList<>();
    List<Writer> others = new ArrayList<>();
    for (Writer writer : writers) {
      observed.putAll(control.observe(writer, cancellation));
      (pause(writer, chosen, cancellation) ? paused : others).add(writer);
    }
    if (chosen == Quiesce.STOP) {
      stop(others, paused, cancellation);
    }
    return observed;
  }

  /** Whether that is possible, where it does not have to be. */
  private boolean pause(Writer writer, Quiesce chosen, Cancellation cancellation)
      throws IOException {
    cancellation.check();
    try {
      one.hold(false, () -> control.hold(writer, Quiesce.PAUSE, cancellation));
      return true;
    } catch (BackupException e) {
      if (chosen != Quiesce.STOP || e.kind() != Kind.UNSUPPORTED) {
        throw e;
      }
      LOG.debug("{} cannot be paused and is stopped at once", writer.name(), e);
      return false;
    }
  }

  private void stop(List<Writer> others, List<Writer> paused, Cancellation cancellation)
      throws IOException {
    List<Writer> running = replaces && !others.isEmpty() ? control.running() : List.of();
    for (Writer writer : others) {
      if (running.contains(writer)) {
        listener.accept(new BackupEvent.NotPaused(writer.name()));
      }
      stop(writer, cancellation, () -> control.hold(writer, Quiesce.STOP, cancellation));
    }
    for (Writer writer : paused) {
      stop(
          writer,
          cancellation,
          replaces
              ? () -> control.end(writer, cancellation)
              : () -> control.hold(writer, Quiesce.STOP, cancellation));
    }
  }

  private void stop(Writer writer, Cancellation cancellation, Undo.Step step) throws IOException {
    control
        .longestStop()
        .ifPresent(time -> listener.accept(new BackupEvent.Stopping(writer.name(), time)));
    cancellation.check();
    one.hold(true, step);
  }
}
