package dev.openmemory.backup.spi.encryption;

import dev.openmemory.backup.BackupException;
import java.time.Instant;
import java.util.List;

/**
 * One form of encryption: to public keys, which open nothing, or to a passphrase. Found by {@link
 * java.util.ServiceLoader}; needs a public constructor without arguments and without side effects.
 * Two schemes of one name are an error that names both. Safe for use by several threads, as are the
 * {@link Encryptor}s and {@link Decryptor}s of it.
 *
 * <p>A scheme has these duties; {@code EncryptionContract} of the testkit tests each of them:
 *
 * <ol>
 *   <li><b>X1</b> The key of each recipient, alone, yields the bytes that were encrypted, of any
 *       size. Two encryptions of the same bytes differ.
 *   <li><b>X2</b> Key files that belong to none of the recipients, or another passphrase, are a
 *       failure of kind {@code WRONG_KEY}.
 *   <li><b>X3</b> Without a key file or passphrase where one is needed, the failure is of kind
 *       {@code NO_KEY}.
 *   <li><b>X4</b> Each change of encrypted bytes is noticed before the end of the plain bytes, also
 *       bytes that are missing at the end or were added there. It is a failure of kind {@code
 *       CORRUPT}; where a change of the part that holds the keys cannot be told from another
 *       recipient, {@code WRONG_KEY} or {@code UNSUPPORTED}.
 *   <li><b>X5</b> A reader gets only bytes that were authenticated. What it got before a failure is
 *       a beginning of the plain bytes, and each read after a failure fails again.
 *   <li><b>X6</b> When the plain bytes fail half way, what was written is no whole encryption, and
 *       the failure passes unchanged; so do failures of the streams below.
 *   <li><b>X7</b> A new key file is a text with the public key in a comment. A protected one opens
 *       with its passphrase alone, which is asked for when it is needed, and once.
 *   <li><b>X8</b> A recipient that is mistyped is {@code INVALID}; one of a kind that the scheme
 *       does not know is {@code UNSUPPORTED}. So is the content of a key file.
 *   <li><b>X9</b> No secret is in an exception or a {@code toString}.
 *   <li><b>X10</b> Memory is bounded, whatever the size of the bytes.
 * </ol>
 */
public interface EncryptionScheme {
  /**
   * The name in lower case, such as {@code age}. It is the codec in manifests, and the suffix of
   * the names of files.
   */
  String name();

  /**
   * Encrypts to public keys.
   *
   * @param recipients at least one
   * @throws BackupException of kind {@code INVALID} or {@code UNSUPPORTED} when one cannot be used
   */
  Encryptor encryptor(List<String> recipients) throws BackupException;

  /**
   * Encrypts to a passphrase.
   *
   * @throws BackupException of kind {@code INVALID} when it is empty
   */
  Encryptor encryptor(Secret passphrase) throws BackupException;

  /**
   * Decrypts by key files, and by passphrases.
   *
   * @param keys may be empty
   * @param question asked for the passphrase of a protected key file, or of encrypted bytes
   * @throws BackupException of kind {@code INVALID} or {@code UNSUPPORTED} when a key file without
   *     a passphrase cannot be used
   */
  Decryptor decryptor(List<KeyFile> keys, PassphraseQuestion question) throws BackupException;

  /** The content of a new key file with one private key. */
  Secret newKeyFile(Instant created);

  /**
   * A key file that needs the passphrase, as text.
   *
   * @throws BackupException of kind {@code INVALID} when the passphrase is empty
   */
  Secret protect(Secret keyFile, Secret passphrase) throws BackupException;

  /**
   * The public keys of a key file, in its order.
   *
   * @param question asked when the file is protected
   * @throws BackupException of kind {@code INVALID} or {@code UNSUPPORTED} when the file cannot be
   *     used, {@code WRONG_KEY} when the passphrase is not that of the file
   */
  List<String> recipients(KeyFile key, PassphraseQuestion question) throws BackupException;
}
