package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.process.OpenFiles;
import dev.openmemory.backup.internal.process.OpenFiles.Holder;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.swap.ReplacesFiles;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Finds processes that would go on with replaced files, before anything is stopped: those of the
 * containers that the restore is going to stop do not count.
 */
record Holders(Run run, Installation installation, OpenFiles open) {

  /**
   * Looks for them.
   *
   * @throws BackupException of kind {@code LOCKED}, naming them
   */
  void requireNone(Collection<Restoration> restorations) throws IOException {
    for (Restoration restoration : restorations) {
      if (restoration instanceof ReplacesFiles files && !open.holders(files.replaced()).isEmpty()) {
        List<Writer> writers = running();
        open.requireClosed(files.replaced(), holder -> !isStopped(holder, writers));
      }
    }
  }

  private List<Writer> running() throws IOException {
    if (installation.writers().isEmpty()) {
      return List.of();
    }
    try (WriterControl control = run.writers().open(installation.writers().get())) {
      return control.running();
    }
  }

  /** Where a control group does not name the container, the namespace tells at least of one. */
  static boolean isStopped(Holder holder, List<Writer> writers) {
    return !writers.isEmpty()
        && (holder.foreign() || writers.stream().anyMatch(w -> holder.group().contains(w.id())));
  }
}
