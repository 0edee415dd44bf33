package dev.openmemory.backup.age.internal.key;

import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Public keys as texts. */
public final class Recipients {
  private static final String OPERATION = "read public key";

  /** The header has to fit into what the library reads at once. */
  private static final int MOST = 500;

  /** Hybrid keys and those of plug-ins: "age1pq1...", "age1yubikey1...". */
  private static final Pattern OTHER_AGE = Pattern.compile("age1([a-z0-9]*[a-z0-9])1[a-z0-9]+");

  private static final Pattern X25519 = Pattern.compile("age1[ac-hj-np-z02-9]{58}");

  private Recipients() {}

  /** What encrypts to each of them. */
  public static List<RecipientStanzaWriter> writers(List<String> recipients)
      throws BackupException {
    if (recipients.isEmpty()) {
      throw Kind.INVALID.failure(OPERATION, "", "no public key to encrypt to");
    }
    if (recipients.size() > MOST) {
      throw Kind.UNSUPPORTED.failure(
          OPERATION, "", recipients.size() + " public keys; at most " + MOST + " are possible");
    }
    List<RecipientStanzaWriter> writers = new ArrayList<>();
    for (String recipient : recipients) {
      writers.add(writer(recipient));
    }
    return writers;
  }

  private static RecipientStanzaWriter writer(String recipient) throws BackupException {
    if (!X25519.matcher(recipient).matches()) {
      throw unusable(recipient);
    }
    try {
      return X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw Kind.INVALID.failure(
          OPERATION, recipient, "it is mistyped: its check sum does not fit", e);
    }
  }

  private static BackupException unusable(String recipient) {
    if (recipient.toUpperCase(Locale.ROOT).startsWith("AGE-")) {
      return Kind.INVALID.failure(
          OPERATION,
          "",
          "this is a private key; encrypt to the public key, which begins with age1");
    }
    if (recipient.startsWith("ssh-")) {
      return unsupported("SSH keys");
    }
    if (OTHER_AGE.matcher(recipient).matches()) {
      return unsupported(
          recipient.startsWith("age1pq1") ? "hybrid (post-quantum) keys" : "keys of age plug-ins");
    }
    // Not repeated: it may be a passphrase.
    return Kind.INVALID.failure(
        OPERATION, "", "a public key has 62 characters and begins with age1; this is none");
  }

  private static BackupException unsupported(String what) {
    return Kind.UNSUPPORTED.failure(
        OPERATION, "", what + " are not supported; use a key of 'age-keygen' or 'key generate'");
  }
}
