package dev.openmemory.backup.internal.signature;

import dev.openmemory.backup.BackupException;

/** What signs with an Ed25519 key. Shows nothing of its private part. */
public sealed interface Signer permits PrivateKey, AgentKey {

  /** The key that checks the signatures. */
  PublicKeyBlob publicKey();

  /**
   * The 64 bytes of a signature of the message.
   *
   * @throws BackupException when the private part is somewhere else and cannot be used now
   */
  byte[] sign(byte[] message) throws BackupException;
}
