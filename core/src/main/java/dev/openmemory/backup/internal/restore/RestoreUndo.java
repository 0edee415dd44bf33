package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes a failed restore back: while all writers are stopped, or not at all. */
record RestoreUndo(
    Run run, Path home, Map<OpenPart, Restoration> staged, Optional<HeldWriters> writers) {

  /** How far the restore had come. */
  enum Reached {
    /** The present data is untouched. */
    PREPARING,
    /** The present data may be partly replaced; all writers are stopped. */
    EXCHANGING,
    /** All data is replaced; writers may run on it. */
    RUNNING
  }

  /**
   * Puts everything back, the last part first.
   *
   * @throws BackupException of kind {@code NOT_ROLLED_BACK} when that did not succeed
   */
  void after(Throwable failure, Reached reached) throws IOException {
    if (hasLostHome()) {
      leaveToOther(failure);
      return;
    }
    if (reached == Reached.RUNNING) {
      keepFromRunning(failure);
      reopen(failure);
    }
    if (reached != Reached.PREPARING && writers.isPresent()) {
      stopAgain(failure, reached, writers.get());
    }
    int suppressedBefore = failure.getSuppressed().length;
    List<Map.Entry<OpenPart, Restoration>> reversed = new ArrayList<>(staged.entrySet());
    Collections.reverse(reversed);
    for (Map.Entry<OpenPart, Restoration> entry : reversed) {
      run.tell(new BackupEvent.PhaseStarted(Phase.ROLLBACK, entry.getKey().component()));
      Undo.after(
          failure,
          () -> {
            entry.getValue().rollback();
            entry.getValue().close();
          });
    }
    boolean undone = failure.getSuppressed().length == suppressedBefore;
    if (reached != Reached.PREPARING && !undone) {
      String undo = String.valueOf(failure.getSuppressed()[suppressedBefore].getMessage());
      Undo.after(failure, () -> RestoreRecord.retire(home, undo));
      throw leave(failure, "could not be undone (" + undo + ")");
    }
    writers.ifPresent(held -> held.dataIsMixed(false));
    Undo.after(failure, () -> endRecord(undone));
    if (writers.isPresent()) {
      Undo.after(failure, writers.get()::close);
    }
  }

  /** The run that has taken the home over puts it in order, and has its records and writers now. */
  private boolean hasLostHome() {
    try {
      HomeLock.requireHeld(home);
      return false;
    } catch (IOException e) {
      return e instanceof BackupException lost && lost.kind() == Kind.LOCKED;
    }
  }

  private void leaveToOther(Throwable failure) {
    for (Restoration restoration : staged.values()) {
      Undo.after(failure, restoration::close);
    }
    writers.ifPresent(held -> Undo.after(failure, held::leaveHeld));
  }

  /** What was staged and could not be removed is left to the next run. */
  private void endRecord(boolean undone) throws IOException {
    if (undone) {
      RestoreRecord.delete(home);
    } else {
      RestoreRecord.retire(home);
    }
  }

  /** The end of the process may have let them run; it does not from here on. */
  private void keepFromRunning(Throwable failure) throws BackupException {
    try {
      if (writers.isPresent()) {
        writers.get().beginExchange();
      }
    } catch (BackupException e) {
      failure.addSuppressed(e);
      throw Kind.NOT_ROLLED_BACK.failure(
          "restore",
          home.toString(),
          "was not confirmed, because the process is ending. The restored data is in place, and the"
              + " containers run on it",
          failure);
    }
  }

  /** While its end is recorded, the next run would finish the restore of which parts are back. */
  private void reopen(Throwable failure) throws BackupException {
    try {
      Uninterrupted.run(() -> RestoreRecord.reopen(home));
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
      throw leaveAlone(
          failure, Reached.RUNNING, "its record cannot be changed (" + e.getMessage() + ")");
    }
  }

  /** They may run on what is about to be put back. */
  private void stopAgain(Throwable failure, Reached reached, HeldWriters held)
      throws BackupException {
    try {
      Uninterrupted.run(
          () -> {
            held.includeStarted();
            held.stopForExchange(new Cancellation());
          });
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
      throw leaveAlone(
          failure, reached, "not everything could be stopped (" + e.getMessage() + ")");
    }
  }

  private BackupException leaveAlone(Throwable failure, Reached reached, String reason) {
    Undo.after(failure, () -> RestoreRecord.retire(home));
    return leave(
        failure,
        "was not undone, because "
            + reason
            + ". "
            + (reached == Reached.RUNNING
                ? "The restored data is in place"
                : "The data is partly replaced")
            + " and was left alone"
            + writers.map(held -> "; " + running(failure, held)).orElse(""));
  }

  private static String running(Throwable failure, HeldWriters held) {
    try {
      List<String> names = Uninterrupted.call(held::nowRunning);
      return names.isEmpty() ? "nothing runs on it" : "running on it: " + String.join(", ", names);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
      return "whether something runs on it is unknown";
    }
  }

  /** For the next run, which puts the data in order while all writers are stopped. */
  private BackupException leave(Throwable failure, String outcome) {
    writers.ifPresent(held -> Undo.after(failure, held::leaveHeld));
    return Kind.NOT_ROLLED_BACK.failure(
        "restore",
        home.toString(),
        "failed (" + failure.getMessage() + ") and " + outcome,
        failure);
  }
}
