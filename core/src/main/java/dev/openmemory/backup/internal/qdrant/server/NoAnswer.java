package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import org.jspecify.annotations.Nullable;

/** A request that was not answered, in time or at all. */
final class NoAnswer extends BackupException {
  private static final long serialVersionUID = 1L;

  private final boolean sent;

  NoAnswer(
      Kind kind,
      String operation,
      String location,
      String fact,
      boolean sent,
      @Nullable Throwable cause) {
    super(kind, operation, location, fact, cause);
    this.sent = sent;
  }

  /** Whether the server may be working on the request that failed so. */
  static boolean mayGoOn(BackupException failure) {
    return failure instanceof Refusal refusal
        ? refusal.isLost()
        : failure instanceof NoAnswer lost && lost.sent;
  }
}
