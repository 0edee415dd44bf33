package dev.openmemory.backup.age.internal.stanza;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A passphrase that is asked for when it is needed. One that was right is not asked for again. */
public final class Passphrase {
  private final PassphraseQuestion question;
  private @Nullable Secret right;

  public Passphrase(PassphraseQuestion question) {
    this.question = question;
  }

  /** Encrypts to it. Each step of the factor doubles time and memory; 18 takes 256 MiB. */
  public static RecipientStanzaWriter writer(Secret passphrase, int workFactor)
      throws BackupException {
    if (passphrase.isEmpty()) {
      throw Kind.INVALID.failure("encrypt", "", "the passphrase is empty");
    }
    return Scrypt.writer(passphrase, workFactor);
  }

  synchronized FileKey open(RecipientStanza stanza, String subject)
      throws GeneralSecurityException {
    Scrypt scrypt = Scrypt.of(stanza).orElseThrow(() -> KeyRing.malformed(Scrypt.TYPE, subject));
    Secret passphrase = right == null ? ask(subject) : right;
    Optional<FileKey> key = scrypt.open(passphrase, subject);
    if (key.isEmpty() && right != null) {
      passphrase = ask(subject);
      key = scrypt.open(passphrase, subject);
    }
    right = key.isPresent() ? passphrase : right;
    return key.orElseThrow(
        () ->
            new KeyFailure(
                Kind.WRONG_KEY.failure("decrypt", subject, "the passphrase does not open it")));
  }

  private Secret ask(String subject) throws KeyFailure {
    try {
      return question.ask(subject);
    } catch (BackupException e) {
      throw new KeyFailure(e);
    }
  }
}
