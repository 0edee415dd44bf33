package dev.openmemory.backup.internal.signature;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;

/**
 * An Ed25519 key. An agent holds its private part and signs with it.
 *
 * @param file that names the key, for messages
 */
public record AgentKey(PublicKeyBlob publicKey, AgentSocket socket, String file) implements Signer {
  /** What is asked of the agent. */
  private interface Question<T> {
    T ask(SshAgent agent) throws IOException;
  }

  /**
   * Looks whether the agent has the key.
   *
   * @throws BackupException of kind {@code UNAVAILABLE} when no agent answers, {@code NOT_FOUND}
   *     when it does not have the key, {@code CANCELLED} when interrupted
   */
  static AgentKey of(PublicKeyBlob key, AgentSocket socket, String file) throws BackupException {
    AgentKey found = new AgentKey(key, socket, file);
    boolean held =
        found.ask(
            agent -> agent.keys().stream().anyMatch(k -> Arrays.equals(k.blob(), key.bytes())));
    if (!held) {
      throw Kind.NOT_FOUND.failure(
          "find signing key",
          file,
          "the agent at "
              + socket
              + " does not hold this key; 'ssh-add' of the private key adds it");
    }
    return found;
  }

  @Override
  public byte[] sign(byte[] message) throws BackupException {
    byte[] travelling = ask(agent -> signature(agent, message));
    try {
      SshBytes fields = new SshBytes(travelling);
      String algorithm = fields.text();
      byte[] signature = fields.string();
      if (algorithm.equals(PublicKeyBlob.TYPE) && publicKey.accepts(message, signature)) {
        return signature;
      }
    } catch (MalformedException e) {
      throw wrongSignature();
    }
    throw wrongSignature();
  }

  private byte[] signature(SshAgent agent, byte[] message) throws IOException {
    try {
      return agent.sign(publicKey.bytes(), message, 0);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw Kind.DENIED.failure(
          "sign",
          file,
          "the agent at "
              + socket
              + " did not sign with this key: "
              + e.getMessage()
              + ". It may be locked, or the use of the key was not confirmed",
          e);
    }
  }

  private BackupException wrongSignature() {
    return Kind.FAILED.failure(
        "sign", file, "what the agent at " + socket + " answers is no signature by this key");
  }

  private <T> T ask(Question<T> question) throws BackupException {
    try (SshAgent agent = socket.connect()) {
      return question.ask(agent);
    } catch (BackupException e) {
      throw e;
    } catch (ClosedByInterruptException e) {
      throw Kind.CANCELLED.failure("ask agent", file, "stopped on request", e);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      throw Kind.UNAVAILABLE.failure(
          "find signing key",
          file,
          "no agent answers at " + socket + " (SSH_AUTH_SOCK): " + e.getMessage(),
          e);
    }
  }

  @Override
  public String toString() {
    return "(private key of " + publicKey + " in an agent)";
  }
}
