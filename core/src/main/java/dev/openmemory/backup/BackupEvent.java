package dev.openmemory.backup;

import java.time.Duration;
import java.util.OptionalLong;

/** What happens during a run, in order; see {@link BackupListener}. */
public sealed interface BackupEvent {

  /** The steps of a run. Each is entered at most once for each component or file that needs it. */
  enum Phase {
    PREFLIGHT,
    /** Writers are held. */
    HOLD,
    CAPTURE,
    /** What depends on the held writers is copied to a temporary file. */
    SPOOL,
    PUBLISH,
    /** Writers run again. */
    RESUME,
    /** A backup is sent to another target. */
    COPY,
    VERIFY,
    /** Memories are compared with the points of a running Qdrant. */
    CROSS_CHECK,
    /** Two backups are compared with each other. */
    COMPARE,
    PREPARE,
    /** Contents are written for another program. */
    EXPORT,
    APPLY,
    /** A temporary Qdrant, or its storage engine, opens what was restored. */
    BOOT,
    /** The application runs again on what was restored, and is asked what it sees. */
    CONFIRM,
    COMMIT,
    ROLLBACK,
    /** Backups that a policy does not keep are removed. */
    PRUNE
  }

  /**
   * A step begins, for a component ("database", "config", "vectors") or for the whole run
   * ("backup").
   */
  record PhaseStarted(Phase phase, String subject) implements BackupEvent {}

  /**
   * A file begins to move. Exactly one {@link FileFinished} follows, also after a failure.
   *
   * @param plainSize bytes before compression, where they can be known
   */
  record FileStarted(String file, OptionalLong plainSize) implements BackupEvent {}

  /** More of the file has moved: plain bytes since its start, at most some ten times a second. */
  record Progress(String file, long plainBytes) implements BackupEvent {}

  /** The file has moved ({@code complete}) or will not. */
  record FileFinished(String file, long plainBytes, boolean complete) implements BackupEvent {}

  /** See {@link Warning}. */
  record WarningRaised(Warning warning) implements BackupEvent {}

  /** Leftover work of a killed run was found and cleaned up, rolled back or finished. */
  record LeftoverHandled(String what) implements BackupEvent {}

  /** The run waits until the holder of the lock, described for people, has ended. */
  record WaitingFor(String holder) implements BackupEvent {}

  /**
   * A writer that is about to be stopped, because its data is replaced, could not be paused. It
   * confirms changes until it has ended, and these are replaced too.
   */
  record NotPaused(String writer) implements BackupEvent {}

  /**
   * A writer is being stopped, which may take as long as that. No writer confirms a change from the
   * first of these on, but for one of {@link NotPaused}.
   */
  record Stopping(String writer, Duration atMost) implements BackupEvent {}
}
