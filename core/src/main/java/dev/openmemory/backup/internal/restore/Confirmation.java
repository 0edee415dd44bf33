package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Writer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lets writers run on what was restored: the store first, then the writers that depend on it. */
final class Confirmation {
  private final Run run;
  private final HeldWriters held;
  private final List<Writer> left;
  private boolean complete = true;

  Confirmation(Run run, HeldWriters held) {
    this.run = run;
    this.held = held;
    this.left = new ArrayList<>(held.writers());
    Collections.reverse(left);
  }

  /** A program that watches containers may have started one again. */
  static void requireStopped(HeldWriters held) throws IOException {
    List<String> running = held.nowRunning();
    if (!running.isEmpty()) {
      throw Kind.LOCKED.failure(
          "restore",
          String.join(", ", running),
          "was started while its data was exchanged, perhaps by a program that watches containers;"
              + " pause that program and restore again");
    }
  }

  /** Looks at the data when the store runs and no other writer, or none where no store ran. */
  void look(Undo.Step step) throws IOException {
    run.enter(Phase.RESUME, "writers");
    if (held.isStore(left.get(0))) {
      Writer store = left.remove(0);
      held.resume(store);
      held.awaitReady(store, run.context().cancellation());
    }
    step.run();
  }

  /**
   * Lets the others run, also under an interrupt. Once one of them runs it may confirm changes to
   * its users, so from then on a failure is a warning and undoes nothing.
   */
  void resumeOthers() throws IOException {
    Uninterrupted.run(this::resume);
  }

  /** Whether all run, are ready and have run on for some seconds. */
  boolean isComplete() {
    return complete;
  }

  private void resume() throws IOException {
    resumeEach();
    if (complete) {
      try {
        held.keepRunning();
      } catch (IOException | RuntimeException e) {
        doesNotRun("not everything keeps running on the restored data: " + e.getMessage());
      }
    }
  }

  private void resumeEach() throws IOException {
    boolean confirming = false;
    for (Writer writer : left) {
      try {
        held.resume(writer);
        confirming = true;
        held.awaitReady(writer, new Cancellation());
      } catch (IOException | RuntimeException | Error e) {
        if (!confirming) {
          throw e;
        }
        doesNotRun(writer.name() + " does not run on the restored data: " + e.getMessage());
      }
    }
  }

  private void doesNotRun(String what) {
    complete = false;
    run.warn(new Warning("writer-not-running", what));
  }
}
