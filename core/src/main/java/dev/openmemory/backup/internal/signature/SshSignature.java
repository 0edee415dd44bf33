package dev.openmemory.backup.internal.signature;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A signature as {@code ssh-keygen -Y sign} writes it.
 *
 * @see <a href="https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig">its
 *     format</a>
 */
public final class SshSignature {
  /** What our signatures are for, so that one made for something else is not accepted. */
  public static final String NAMESPACE = "openmemory-backup";

  private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final String HASH = "sha512";

  private SshSignature() {}

  /** Signs the message; the text of a signature file. */
  public static byte[] sign(Signer key, byte[] message) throws BackupException {
    byte[] signature = key.sign(toBeSigned(HASH, message));
    return Armor.SIGNATURE.wrap(
        new SshFields()
            .raw(MAGIC)
            .number(VERSION)
            .string(key.publicKey().bytes())
            .text(NAMESPACE)
            .text("")
            .text(HASH)
            .string(new SshFields().text(PublicKeyBlob.TYPE).string(signature).bytes())
            .bytes());
  }

  /**
   * The key that has signed the message for our namespace.
   *
   * @param place of the signature file, for messages
   * @throws BackupException of kind {@code CORRUPT} when it is no such signature of the message
   */
  public static PublicKeyBlob signerOf(byte[] message, byte[] file, String place)
      throws BackupException {
    try {
      return signerOf(message, new SshBytes(Armor.SIGNATURE.unwrap(text(file))));
    } catch (MalformedException e) {
      throw Kind.CORRUPT.failure("check signature", place, e.fact());
    }
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }

  private static PublicKeyBlob signerOf(byte[] message, SshBytes fields) throws MalformedException {
    fields.expect(MAGIC);
    if (fields.number() != VERSION) {
      throw new MalformedException("its version is not supported");
    }
    PublicKeyBlob signer = PublicKeyBlob.parse(fields.string());
    if (!fields.text().equals(NAMESPACE)) {
      throw new MalformedException("it was made for another namespace than " + NAMESPACE);
    }
    fields.string();
    String hash = fields.text();
    if (!hash.equals(HASH) && !hash.equals("sha256")) {
      throw new MalformedException("its hash is not supported");
    }
    SshBytes signature = new SshBytes(fields.string());
    fields.end();
    if (!signature.text().equals(PublicKeyBlob.TYPE)) {
      throw new MalformedException("its algorithm is not that of its key");
    }
    if (!signer.accepts(toBeSigned(hash, message), signature.string())) {
      throw new MalformedException("the manifest was changed after it was signed");
    }
    signature.end();
    return signer;
  }

  private static byte[] toBeSigned(String hash, byte[] message) {
    return new SshFields()
        .raw(MAGIC)
        .text(NAMESPACE)
        .text("")
        .text(hash)
        .string(digest(hash, message))
        .bytes();
  }

  private static byte[] digest(String hash, byte[] message) {
    try {
      return MessageDigest.getInstance(hash.equals(HASH) ? "SHA-512" : "SHA-256").digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256 and SHA-512", e);
    }
  }
}
