package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * How a run of {@code backup} ended.
 *
 * @param failure what was printed, of a run that failed
 * @param made the backup, of a run that succeeded
 */
public record RunEnd(
    Instant at, int exitCode, Optional<Failure> failure, Optional<NewBackup> made) {

  public static RunEnd succeeded(Instant at, int exitCode, NewBackup made) {
    return new RunEnd(at, exitCode, Optional.empty(), Optional.of(made));
  }

  /** A run that made no backup, or of which a hook failed that has to succeed. */
  public static RunEnd failed(Instant at, int exitCode, Optional<Failure> failure) {
    return new RunEnd(at, exitCode, failure, Optional.empty());
  }

  boolean succeeded() {
    return exitCode == ExitCodes.OK || exitCode == ExitCodes.WARNINGS;
  }

  /** Somebody has stopped it, and knows. */
  boolean wasCancelled() {
    return exitCode == ExitCodes.CANCELLED;
  }
}
