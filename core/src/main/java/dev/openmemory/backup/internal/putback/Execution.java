package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.drill.TemporaryCollection;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Has planned changes confirmed and makes them, one call at a time for each installation. */
record Execution(Installation installation, MemoryRestoreDialog dialog) {
  /** Asks the running Qdrant, after what killed processes have left was put in order. */
  <T> T client(Present present, Present.ClientQuestion<T> question) throws IOException {
    UnfinishedChanges.settle(present, installation);
    Run run = present.run();
    return present.client(
        run.context().cancellation(),
        client -> {
          TemporaryCollection.deleteAbandoned(client, run.clock());
          return question.ask(client);
        });
  }

  /**
   * Asks, and makes the changes of the plan.
   *
   * @param from what read the vectors of the backup
   */
  @SuppressWarnings("try")
  MemoryRestoreReport finish(Present present, Plan plan, Optional<String> from, boolean dryRun)
      throws IOException {
    ChangeFile changes = plan.end();
    MemoryRestoreReport planned = report(present.run(), plan, from, Optional.empty());
    if (dryRun || planned.changed() == 0) {
      return planned;
    }
    // Before the question, as it may be in a container.
    LiveDatabase database = present.live();
    if (!dialog.confirmed(planned)) {
      return planned;
    }
    Journal journal = new Journal(installation.home());
    try (HomeLock lock = HomeLock.take(present.run(), installation.home(), Present.OPERATION)) {
      UnfinishedChanges.settle(present, journal);
      ChangeFile kept = journal.keep(changes, present.run().clock());
      new Applier(present.run(), journal, database, present).apply(kept);
      return report(present.run(), plan, from, Optional.of(kept.file()));
    }
  }

  private static MemoryRestoreReport report(
      Run run, Plan plan, Optional<String> from, Optional<Path> undoFile) {
    return new MemoryRestoreReport(
        undoFile.isPresent(), plan.actions(), from, undoFile, run.warnings(), run.elapsed());
  }
}
