package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.internal.drill.TemporaryCollection;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.memories.MemoryRestoreDialog;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.memories.NewVectorsReport;
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
   * @param newPoints makes the vectors that the plan needs; present when it needs any
   */
  @SuppressWarnings("try")
  MemoryRestoreReport finish(
      Present present,
      Plan plan,
      Optional<String> from,
      Optional<NewPoints> newPoints,
      boolean dryRun)
      throws IOException {
    ChangeFile changes = plan.end();
    Optional<NewPoints.Task> task = Optional.empty();
    if (!plan.unmade().ids().isEmpty()) {
      task = Optional.of(newPoints.orElseThrow().task(plan.unmade()));
    }
    Outcome outcome = new Outcome(plan, from, task.map(NewPoints.Task::report));
    MemoryRestoreReport planned = outcome.report(present.run(), Optional.empty());
    if (dryRun || planned.changed() == 0) {
      return planned;
    }
    // Before the question, as it may be in a container.
    LiveDatabase database = present.live();
    if (!dialog.confirmed(planned)) {
      return planned;
    }
    if (task.isPresent()) {
      changes = task.get().complete(changes);
    }
    Journal journal = new Journal(installation.home());
    try (HomeLock lock = HomeLock.take(present.run(), installation.home(), Present.OPERATION)) {
      UnfinishedChanges.settle(present, journal);
      ChangeFile kept = journal.keep(changes, present.run().clock());
      new Applier(present.run(), journal, database, present).apply(kept);
      return outcome.report(present.run(), Optional.of(kept.file()));
    }
  }

  private record Outcome(Plan plan, Optional<String> from, Optional<NewVectorsReport> newVectors) {
    MemoryRestoreReport report(Run run, Optional<Path> undoFile) {
      return new MemoryRestoreReport(
          undoFile.isPresent(),
          plan.actions(),
          from,
          newVectors,
          undoFile,
          run.warnings(),
          run.elapsed());
    }
  }
}
