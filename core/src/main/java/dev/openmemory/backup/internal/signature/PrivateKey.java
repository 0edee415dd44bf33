package dev.openmemory.backup.internal.signature;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/** An Ed25519 private key of a file that {@code ssh-keygen} has written. Shows nothing of it. */
public final class PrivateKey implements Signer {
  private static final String OPERATION = "read signing key";
  private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final int SEED_BYTES = 32;

  private final byte[] seed;
  private final PublicKeyBlob publicKey;

  private PrivateKey(byte[] seed, PublicKeyBlob publicKey) {
    this.seed = seed;
    this.publicKey = publicKey;
  }

  /**
   * Reads the text of a file with a private key, or with a public one. An agent signs for a public
   * key, and for a private key that a passphrase protects.
   *
   * @param name of the file, for messages
   * @param agent that signs, if there is one
   * @throws BackupException of kind {@code INVALID} when it is no such key, {@code UNSUPPORTED}
   *     when an agent is needed and there is none, and as {@link AgentKey#of}
   */
  public static Signer parse(String text, String name, Optional<AgentSocket> agent)
      throws BackupException {
    try {
      if (text.startsWith(PublicKeyBlob.TYPE + " ")) {
        return ofAgent(PublicKeyBlob.ofLine(text), name, agent, "is a public key");
      }
      if (!Armor.PRIVATE_KEY.begins(text)) {
        throw new MalformedException(
            "it is no private key of 'ssh-keygen -t ed25519' (it has no OpenSSH header)");
      }
      SshBytes file = new SshBytes(Armor.PRIVATE_KEY.unwrap(text));
      file.expect(MAGIC);
      String cipher = file.text();
      file.text();
      file.string();
      if (file.number() != 1) {
        throw new MalformedException("it has several keys");
      }
      PublicKeyBlob publicKey = PublicKeyBlob.parse(file.string());
      return cipher.equals("none")
          ? ofPrivatePart(file.string(), publicKey)
          : ofAgent(publicKey, name, agent, "is protected by a passphrase");
    } catch (MalformedException e) {
      throw Kind.INVALID.failure(OPERATION, name, e.fact());
    }
  }

  private static AgentKey ofAgent(
      PublicKeyBlob key, String name, Optional<AgentSocket> agent, String what)
      throws BackupException {
    if (agent.isEmpty()) {
      throw Kind.UNSUPPORTED.failure(
          OPERATION,
          name,
          what
              + ", so an agent has to sign: add the private key with 'ssh-add', and set SSH_AUTH_SOCK");
    }
    return AgentKey.of(key, agent.get(), name);
  }

  private static PrivateKey ofPrivatePart(byte[] part, PublicKeyBlob publicKey)
      throws MalformedException {
    SshBytes fields = new SshBytes(part);
    int check = fields.number();
    if (fields.number() != check) {
      throw new MalformedException("it is damaged");
    }
    PublicKeyBlob.parse(new SshFields().string(fields.string()).string(fields.string()).bytes());
    byte[] seed = Arrays.copyOf(fields.string(), SEED_BYTES);
    PrivateKey key = new PrivateKey(seed, publicKey);
    if (!publicKey.accepts(MAGIC, key.sign(MAGIC))) {
      throw new MalformedException("its private and its public part do not belong together");
    }
    return key;
  }

  @Override
  public PublicKeyBlob publicKey() {
    return publicKey;
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java since 15 has Ed25519", e);
    }
  }

  @Override
  public String toString() {
    return "(private key of " + publicKey + ")";
  }
}
