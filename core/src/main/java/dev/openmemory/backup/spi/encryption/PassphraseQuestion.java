package dev.openmemory.backup.spi.encryption;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;

/** Gets a passphrase when one is needed: from a person, a file or a keyring. */
@FunctionalInterface
public interface PassphraseQuestion {
  /** Has no passphrase: each question is a failure of kind {@code NO_KEY}. */
  PassphraseQuestion NONE =
      about -> {
        throw Kind.NO_KEY.failure("open", about, "a passphrase is needed, and none was given");
      };

  /**
   * The passphrase.
   *
   * @param about what it opens: the name of a key file, or of encrypted bytes
   * @throws BackupException of kind {@code NO_KEY} when there is none, {@code CANCELLED} when the
   *     person gives none
   */
  Secret ask(String about) throws BackupException;
}
