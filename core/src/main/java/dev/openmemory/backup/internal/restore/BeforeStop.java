package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.pause.AffectedWriters;
import dev.openmemory.backup.internal.process.OpenFiles;
import dev.openmemory.backup.internal.process.OpenFiles.Holder;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.ReplacesFiles;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Finds before anything is stopped why that, or what comes after it, would do harm.
 *
 * @param components that are going to be replaced
 */
record BeforeStop(Run run, Installation installation, List<String> components) {

  /**
   * Refuses when a writer cannot be started again once it was stopped, and when a process would go
   * on with files that are replaced; processes in containers that are going to be stopped do not
   * count.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} or {@code LOCKED}, naming it
   */
  void check(Collection<?> sourcesOrRestorations) throws IOException {
    List<Writer> writers = writers();
    OpenFiles open = new OpenFiles(OpenFiles.PROC);
    for (Object each : sourcesOrRestorations) {
      if (each instanceof ReplacesFiles files) {
        open.requireClosed(files.replaced(), holder -> !isStopped(holder, writers));
      }
    }
  }

  private List<Writer> writers() throws IOException {
    if (installation.writers().isEmpty()) {
      return List.of();
    }
    try (WriterControl control = run.writers().open(installation.writers().get())) {
      List<Writer> running = new AffectedWriters(control, components).running();
      control.requireRestartable(running);
      return running;
    }
  }

  /** Where a control group does not name the container, the namespace shows that there is one. */
  static boolean isStopped(Holder holder, List<Writer> writers) {
    return !writers.isEmpty()
        && (holder.foreign() || writers.stream().anyMatch(w -> holder.group().contains(w.id())));
  }
}
