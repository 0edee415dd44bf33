package dev.openmemory.backup.age.internal.stanza;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The private keys that may open a file, and the passphrase that may. */
public record KeyRing(List<Keys> keys, Passphrase passphrase) {
  private static final String X25519 = "X25519";
  private static final int SHARE_BYTES = 32;
  private static final int WRAPPED_BYTES = 32;

  /** The keys of one file. */
  public interface Keys {
    /** Asks for the passphrase of the file if it has one. */
    List<RecipientStanzaReader> readers() throws BackupException;
  }

  /** Opens the file of that name. */
  public RecipientStanzaReader reader(String subject) {
    return stanzas -> open(StreamSupport.stream(stanzas.spliterator(), false).toList(), subject);
  }

  private FileKey open(List<RecipientStanza> stanzas, String subject)
      throws GeneralSecurityException {
    for (RecipientStanza stanza : stanzas) {
      if (stanza.getType().equals(Scrypt.TYPE)) {
        if (stanzas.size() > 1) {
          throw malformed(Scrypt.TYPE, subject);
        }
        return passphrase.open(stanza, subject);
      }
      if (stanza.getType().equals(X25519) && !isWellFormed(stanza)) {
        throw malformed(X25519, subject);
      }
    }
    List<RecipientStanza> known =
        stanzas.stream().filter(stanza -> stanza.getType().equals(X25519)).toList();
    if (known.isEmpty()) {
      throw new KeyFailure(unsupported(stanzas, subject));
    }
    return open(known, keys, subject);
  }

  private static FileKey open(List<RecipientStanza> known, List<Keys> keys, String subject)
      throws GeneralSecurityException {
    Optional<KeyFailure> locked = Optional.empty();
    for (Keys file : keys) {
      List<RecipientStanzaReader> readers = List.of();
      try {
        readers = file.readers();
      } catch (BackupException e) {
        if (e.kind() != Kind.NO_KEY && e.kind() != Kind.WRONG_KEY) {
          throw new KeyFailure(e);
        }
        // Another file may have the key that fits.
        locked = locked.or(() -> Optional.of(new KeyFailure(e)));
      }
      for (RecipientStanzaReader reader : readers) {
        try {
          return reader.getFileKey(known);
        } catch (UnsupportedRecipientStanzaException e) {
          if (isWeak(e)) {
            throw malformed(X25519, subject);
          }
        }
      }
    }
    throw locked.orElseGet(() -> notOpened(known, keys, subject));
  }

  private static KeyFailure notOpened(
      List<RecipientStanza> known, List<Keys> keys, String subject) {
    return new KeyFailure(
        keys.isEmpty()
            ? Kind.NO_KEY.failure("decrypt", subject, "it is encrypted, and no key was given")
            : Kind.WRONG_KEY.failure(
                "decrypt",
                subject,
                "none of the keys opens it: it is encrypted to "
                    + known.size()
                    + (known.size() == 1 ? " other key" : " other keys")));
  }

  /** Whether a share was chosen so that each private key gives the same secret. */
  private static boolean isWeak(UnsupportedRecipientStanzaException failure) {
    for (Throwable each : failure.getSuppressed()) {
      if (each instanceof java.security.InvalidKeyException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWellFormed(RecipientStanza stanza) {
    return stanza.getArguments().size() == 1
        && stanza.getBody().length == WRAPPED_BYTES
        && Stanza.decoded(stanza.getArguments().get(0), SHARE_BYTES).isPresent();
  }

  private static BackupException unsupported(List<RecipientStanza> stanzas, String subject) {
    Set<String> types = new TreeSet<>();
    stanzas.forEach(stanza -> types.add(stanza.getType()));
    return Kind.UNSUPPORTED.failure(
        "decrypt",
        subject,
        "it is encrypted to recipients of the type "
            + String.join(", ", types)
            + " only, which this program cannot use");
  }

  static KeyFailure malformed(String type, String subject) {
    return new KeyFailure(
        Kind.CORRUPT.failure(
            "decrypt", subject, "its header is damaged: a part of type " + type + " is malformed"));
  }
}
