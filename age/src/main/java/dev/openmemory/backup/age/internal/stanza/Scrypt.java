package dev.openmemory.backup.age.internal.stanza;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.codec.CanonicalBase64;
import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import com.exceptionfactory.jagged.framework.crypto.EncryptedFileKey;
import com.exceptionfactory.jagged.framework.crypto.FileKeyDecryptorFactory;
import com.exceptionfactory.jagged.framework.crypto.FileKeyEncryptorFactory;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.encryption.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.crypto.generators.SCrypt;

/** The stanza of a passphrase. The format allows it as the only one of a file. */
final class Scrypt {
  static final String TYPE = "scrypt";

  /** As the program age has it: a file may not ask for more than 4 GiB. */
  private static final int MOST_WORK_FACTOR = 22;

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]?");
  private static final int BLOCK_SIZE = 8;
  private static final int SALT_BYTES = 16;
  private static final int WRAPPED_BYTES = 32;
  private static final byte[] LABEL =
      "age-encryption.org/v1/scrypt".getBytes(StandardCharsets.US_ASCII);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] salt;
  private final int workFactor;
  private final byte[] wrapped;

  private Scrypt(byte[] salt, int workFactor, byte[] wrapped) {
    this.salt = salt;
    this.workFactor = workFactor;
    this.wrapped = wrapped;
  }

  /** Wraps the key of each file by the passphrase. */
  static RecipientStanzaWriter writer(Secret passphrase, int workFactor) throws BackupException {
    // Known before a writer is paused for a backup that would fail.
    if (bytes(workFactor) > Runtime.getRuntime().maxMemory()) {
      throw tooLarge(workFactor, "");
    }
    return fileKey -> {
      byte[] salt = new byte[SALT_BYTES];
      RANDOM.nextBytes(salt);
      CipherKey key = derive(passphrase, salt, workFactor, "");
      byte[] wrapped =
          new FileKeyEncryptorFactory()
              .newFileKeyEncryptor()
              .getEncryptedFileKey(fileKey, key)
              .getEncoded();
      String encoded = CanonicalBase64.getEncoder().encodeToString(salt);
      return List.of(new Stanza(TYPE, List.of(encoded, String.valueOf(workFactor)), wrapped));
    };
  }

  /** The stanza, when it is as the format demands. */
  static Optional<Scrypt> of(RecipientStanza stanza) {
    List<String> arguments = stanza.getArguments();
    if (arguments.size() != 2
        || stanza.getBody().length != WRAPPED_BYTES
        || !NUMBER.matcher(arguments.get(1)).matches()) {
      return Optional.empty();
    }
    int workFactor = Integer.parseInt(arguments.get(1));
    return workFactor > MOST_WORK_FACTOR
        ? Optional.empty()
        : Stanza.decoded(arguments.get(0), SALT_BYTES)
            .map(salt -> new Scrypt(salt, workFactor, stanza.getBody()));
  }

  /** The key of the file; empty when the passphrase is another one. */
  Optional<FileKey> open(Secret passphrase, String subject) throws GeneralSecurityException {
    try {
      return Optional.of(
          new FileKeyDecryptorFactory()
              .newFileKeyDecryptor()
              .getFileKey(
                  new EncryptedFileKey(wrapped), derive(passphrase, salt, workFactor, subject)));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    }
  }

  private static CipherKey derive(Secret passphrase, byte[] salt, int workFactor, String subject)
      throws KeyFailure {
    byte[] labelled = Arrays.copyOf(LABEL, LABEL.length + salt.length);
    System.arraycopy(salt, 0, labelled, LABEL.length, salt.length);
    try {
      return new CipherKey(
          SCrypt.generate(passphrase.bytes(), labelled, 1 << workFactor, BLOCK_SIZE, 1, 32));
    } catch (OutOfMemoryError e) {
      throw new KeyFailure(tooLarge(workFactor, subject));
    }
  }

  private static long bytes(int workFactor) {
    return (128L * BLOCK_SIZE) << workFactor;
  }

  private static BackupException tooLarge(int workFactor, String subject) {
    long needed = bytes(workFactor) >> 20;
    return Kind.UNSUPPORTED.failure(
        "derive key",
        subject,
        "a passphrase like this takes "
            + needed
            + " MiB of memory, more than is free of the "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB that this program may use");
  }
}
