package dev.openmemory.backup.age.internal.stanza;

import dev.openmemory.backup.BackupException;
import java.security.GeneralSecurityException;

/** A failure of ours on its way through the library, which lets no other checked one pass. */
public final class KeyFailure extends GeneralSecurityException {
  private static final long serialVersionUID = 1L;

  private final BackupException failure;

  KeyFailure(BackupException failure) {
    super(failure);
    this.failure = failure;
  }

  public BackupException failure() {
    return failure;
  }
}
