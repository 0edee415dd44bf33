package dev.openmemory.backup.storage.sftp.internal.hostkey;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;

/**
 * A public key in the form that travels.
 *
 * @param type such as {@code ssh-ed25519}
 * @param base64 the key, as in known_hosts
 */
public record HostKey(String type, String base64) {
  /** The key that a server shows; of a certificate, the key that it certifies. */
  public static HostKey of(PublicKey key) {
    PublicKey plain = key instanceof Certificate<?> certificate ? certificate.getKey() : key;
    byte[] blob = new Buffer.PlainBuffer().putPublicKey(plain).getCompactData();
    return new HostKey(KeyType.fromKey(plain).toString(), Base64.getEncoder().encodeToString(blob));
  }

  /** The key that has signed a certificate. */
  static HostKey signerOf(Certificate<?> certificate) throws Buffer.BufferException {
    byte[] blob = certificate.getSignatureKey();
    return new HostKey(
        new Buffer.PlainBuffer(blob).readString(), Base64.getEncoder().encodeToString(blob));
  }

  /** As {@code ssh-keygen -l} shows it. */
  String fingerprint() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(base64));
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return type + " " + fingerprint();
  }
}
