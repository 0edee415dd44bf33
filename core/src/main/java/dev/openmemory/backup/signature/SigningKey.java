package dev.openmemory.backup.signature;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.internal.signature.PrivateKey;
import dev.openmemory.backup.internal.signature.SshSignature;
import java.nio.file.Path;

/**
 * An Ed25519 private key that signs manifests, in the format of {@code ssh-keygen -Y sign} and with
 * the namespace {@code openmemory-backup}. Immutable; shows nothing of the key.
 */
public final class SigningKey {
  private final PrivateKey key;

  private SigningKey(PrivateKey key) {
    this.key = key;
  }

  /**
   * Reads a file of {@code ssh-keygen -t ed25519} without a passphrase.
   *
   * @throws BackupException of kind {@code NOT_FOUND} or {@code DENIED} when it cannot be read,
   *     {@code INVALID} when it is no such key, {@code UNSUPPORTED} when a passphrase protects it
   */
  public static SigningKey read(Path file) throws BackupException {
    return new SigningKey(PrivateKey.parse(KeyFiles.read(file).content().text(), file.toString()));
  }

  /** Its public key, as a line of a file {@code .pub} without a comment. */
  public String publicKey() {
    return key.publicKey().text();
  }

  /** The text of a signature file for these bytes. */
  public byte[] sign(byte[] manifest) {
    return SshSignature.sign(key, manifest);
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
