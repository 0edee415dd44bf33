package dev.openmemory.backup.internal.pause;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds writers in their order. Before the first is stopped all are paused where that is possible:
 * that takes effect at once and can be taken back at once, and none of them confirms a change while
 * another one takes its time to stop.
 *
 * @param one holds one of them
 */
record HoldSequence(
    WriterControl control, List<Writer> writers, Consumer<BackupEvent> listener, One one) {
  private static final Logger LOG = LoggerFactory.getLogger(HoldSequence.class);

  /** Holds a writer. */
  interface One {
    void hold(Writer writer, Quiesce kind, Cancellation cancellation) throws IOException;
  }

  /** Returns what the writers reported about their data just before, by component. */
  Map<String, Facts> hold(Quiesce chosen, Cancellation cancellation) throws IOException {
    Map<String, Facts> observed = new LinkedHashMap<>();
    for (Writer writer : writers) {
      observed.putAll(control.observe(writer, cancellation));
      pause(writer, chosen, cancellation);
    }
    if (chosen == Quiesce.STOP) {
      for (Writer writer : writers) {
        stop(writer, cancellation);
      }
    }
    return observed;
  }

  private void pause(Writer writer, Quiesce chosen, Cancellation cancellation) throws IOException {
    try {
      one.hold(writer, Quiesce.PAUSE, cancellation);
    } catch (BackupException e) {
      if (chosen != Quiesce.STOP || e.kind() != Kind.UNSUPPORTED) {
        throw e;
      }
      LOG.debug("{} cannot be paused and is stopped at once", writer.name(), e);
    }
  }

  private void stop(Writer writer, Cancellation cancellation) throws IOException {
    control
        .longestStop()
        .ifPresent(time -> listener.accept(new BackupEvent.Stopping(writer.name(), time)));
    one.hold(writer, Quiesce.STOP, cancellation);
  }
}
