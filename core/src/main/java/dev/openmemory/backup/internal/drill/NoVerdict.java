package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;

/** The storage engine could not judge a store, for a reason that says nothing of the data. */
final class NoVerdict extends BackupException {
  private static final long serialVersionUID = 1L;

  NoVerdict(Kind kind, String location, String fact) {
    super(kind, EngineProcess.OPERATION, location, fact);
  }
}
