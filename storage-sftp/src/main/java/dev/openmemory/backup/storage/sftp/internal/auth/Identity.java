package dev.openmemory.backup.storage.sftp.internal.auth;

import java.io.IOException;
import java.util.Arrays;
import net.schmizz.sshj.common.Buffer;

/**
 * A key to log in with: its public part, and a signer with the private one.
 *
 * @param label for messages
 * @param blob the public key, or a certificate of it, as it travels
 */
@SuppressWarnings("ArrayRecordComponent")
record Identity(String label, byte[] blob, Signer signer) {
  /** Signs without showing the private key. */
  interface Signer {
    /**
     * A signature in the form that travels.
     *
     * @throws IdentityException saying why there is none
     */
    byte[] sign(String algorithm, byte[] data) throws IOException;
  }

  /** A key cannot be used; the message is a fact that follows its label. */
  static final class IdentityException extends IOException {
    private static final long serialVersionUID = 1L;

    IdentityException(String fact) {
      super(fact);
    }
  }

  /** Such as {@code ssh-ed25519}. */
  String type() throws Buffer.BufferException {
    return new Buffer.PlainBuffer(blob).readString();
  }

  boolean isSameKey(byte[] other) {
    return Arrays.equals(blob, other);
  }

  @Override
  public String toString() {
    return label;
  }
}
