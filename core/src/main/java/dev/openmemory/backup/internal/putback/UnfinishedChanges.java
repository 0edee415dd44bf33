package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.restore.Recovery;
import dev.openmemory.backup.internal.run.Run;
import java.io.IOException;
import java.util.Optional;

/** Ends changes of memories that a process which was killed has left half made. */
public final class UnfinishedChanges {
  private UnfinishedChanges() {}

  /**
   * For a run that does something else, under its lock of the home. What cannot be ended now is
   * warned of, because a backup, or a restore of the whole, is worth more.
   */
  public static void settleOrWarn(Run run, Installation installation) throws IOException {
    Journal journal = new Journal(installation.home());
    try {
      if (journal.left().isPresent()) {
        Present.use(
            run,
            installation,
            present -> {
              settle(present, journal);
              return true;
            });
      }
    } catch (BackupException e) {
      e.throwIfCancelled();
      run.warn(
          new Warning(
              "memories-unfinished",
              "A process that was killed has left a change of memories half made, and it could not"
                  + " be put in order: "
                  + e.getMessage()
                  + ". Start Qdrant, and try again."));
    }
  }

  /** For a run that changes memories itself; a restore that is half done is ended first. */
  @SuppressWarnings("try")
  static void settle(Present present, Installation installation) throws IOException {
    Run run = present.run();
    Journal journal = new Journal(installation.home());
    Recovery recovery = new Recovery(installation.home(), run.clock());
    if (journal.left().isEmpty() && recovery.isNeedless()) {
      return;
    }
    try (HomeLock lock = HomeLock.take(run, installation.home(), Present.OPERATION)) {
      for (String done : recovery.run()) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
      settle(present, journal);
    }
  }

  /** The caller has the lock of the home. */
  static void settle(Present present, Journal journal) throws IOException {
    Optional<ChangeFile> left = journal.left();
    if (left.isPresent()) {
      boolean stays =
          new Applier(present.run(), journal, present.live(), present).settle(left.get());
      present
          .run()
          .tell(
              new BackupEvent.LeftoverHandled(
                  stays
                      ? "completed changes of memories that a process had begun"
                      : "took back changes of memories that a process had begun"));
    }
  }
}
