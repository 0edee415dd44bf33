package dev.openmemory.backup.signature;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.internal.signature.AgentSocket;
import dev.openmemory.backup.internal.signature.PrivateKey;
import dev.openmemory.backup.internal.signature.Signer;
import dev.openmemory.backup.internal.signature.SshSignature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * An Ed25519 key that signs manifests, in the format of {@code ssh-keygen -Y sign} and with the
 * namespace {@code openmemory-backup}. Immutable; shows nothing of the key.
 */
public final class SigningKey {
  /** A person may have to confirm each use of the key. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final Signer key;

  SigningKey(Signer key) {
    this.key = key;
  }

  /**
   * Reads a file of {@code ssh-keygen -t ed25519} without a passphrase.
   *
   * @throws BackupException of kind {@code NOT_FOUND} or {@code DENIED} when it cannot be read,
   *     {@code INVALID} when it is no such key, {@code UNSUPPORTED} when a passphrase protects it
   */
  public static SigningKey read(Path file) throws BackupException {
    return read(file, Optional.empty());
  }

  /**
   * As {@link #read(Path)}, and also a public key, or a private key with a passphrase, for which
   * the agent signs.
   *
   * @param agent its socket, as {@code SSH_AUTH_SOCK} names it
   * @throws BackupException as {@link #read(Path)}; of kind {@code UNAVAILABLE} when the agent does
   *     not answer within a minute, {@code NOT_FOUND} when it does not hold the key
   */
  public static SigningKey readWithAgent(Path file, Path agent) throws BackupException {
    return read(file, Optional.of(new AgentSocket(agent, TIMEOUT)));
  }

  private static SigningKey read(Path file, Optional<AgentSocket> agent) throws BackupException {
    String text = KeyFiles.read(file).content().text();
    return new SigningKey(PrivateKey.parse(text, file.toString(), agent));
  }

  /** Its public key, as a line of a file {@code .pub} without a comment. */
  public String publicKey() {
    return key.publicKey().text();
  }

  /**
   * The text of a signature file for these bytes.
   *
   * @throws BackupException when an agent does not sign: of kind {@code DENIED} when it refuses or
   *     does not answer in time, {@code CANCELLED} when the thread is interrupted
   */
  public byte[] sign(byte[] manifest) throws BackupException {
    return SshSignature.sign(key, manifest);
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
