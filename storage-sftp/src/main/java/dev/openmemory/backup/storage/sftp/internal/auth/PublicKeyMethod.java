package dev.openmemory.backup.storage.sftp.internal.auth;

import dev.openmemory.backup.storage.sftp.internal.hostkey.KeyAlgorithmNames;
import java.io.IOException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;

/**
 * Logs in with one key, which an agent may hold. The key is shown first, and signs only for a
 * server that would take it: so a passphrase is needed for no other.
 */
final class PublicKeyMethod extends AbstractAuthMethod {
  static final String NAME = "publickey";
  private static final String NOT_ACCEPTED = "not accepted";

  private final Identity identity;
  private final String algorithm;
  private volatile String outcome = NOT_ACCEPTED;

  PublicKeyMethod(Identity identity, String algorithm) {
    super(NAME);
    this.identity = identity;
    this.algorithm = algorithm;
  }

  /** Whether the server did not want a signature. */
  boolean isRefused() {
    return outcome.equals(NOT_ACCEPTED);
  }

  /** What came of it, if it did not log in. */
  String outcome() {
    return outcome;
  }

  @Override
  protected SSHPacket buildReq() throws UserAuthException {
    return request(false);
  }

  private SSHPacket request(boolean signed) throws UserAuthException {
    return super.buildReq().putBoolean(signed).putString(algorithm).putString(identity.blob());
  }

  @Override
  public void handle(Message message, SSHPacket packet)
      throws UserAuthException, TransportException {
    if (message != Message.USERAUTH_60) {
      super.handle(message, packet);
      return;
    }
    SSHPacket request = request(true);
    byte[] data =
        new Buffer.PlainBuffer()
            .putString(params.getTransport().getSessionID())
            .putBuffer(request)
            .getCompactData();
    request.putString(signature(data));
    outcome = "accepted, but its signature was not";
    params.getTransport().write(request);
  }

  private byte[] signature(byte[] data) throws UserAuthException {
    try {
      return identity.signer().sign(KeyAlgorithmNames.signing(algorithm), data);
    } catch (IOException e) {
      outcome = e.getMessage() == null ? "cannot sign" : e.getMessage();
      throw new UserAuthException("no signature", e);
    }
  }
}
