package dev.openmemory.backup.age.internal.key;

import com.exceptionfactory.jagged.bech32.Bech32;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Locale;
import javax.crypto.KeyAgreement;

/** A private key as the line of a key file. Has no text of its own, as that would be the key. */
final class PrivateKeyText {
  static final String PREFIX = "AGE-SECRET-KEY-1";
  private static final String SECRET = "AGE-SECRET-KEY-";
  private static final String PUBLIC = "age";
  private static final int KEY_BYTES = 32;

  /** The point that a private key multiplies to give its public key. */
  private static final BigInteger BASE = BigInteger.valueOf(9);

  private final byte[] key;

  private PrivateKeyText(byte[] key) {
    this.key = key;
  }

  static PrivateKeyText random() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return new PrivateKeyText(key);
  }

  /**
   * @throws IllegalArgumentException when it is no such line; its message may hold the key
   */
  static PrivateKeyText of(String line) {
    var address = Bech32.getDecoder().decode(line);
    if (!SECRET.contentEquals(address.getHumanReadablePart())
        || address.getData().length != KEY_BYTES) {
      throw new IllegalArgumentException("not a private key");
    }
    return new PrivateKeyText(address.getData());
  }

  String line() {
    return Bech32.getEncoder().encode(SECRET, key).toString().toUpperCase(Locale.ROOT);
  }

  String recipient() {
    try {
      KeyFactory factory = KeyFactory.getInstance(NamedParameterSpec.X25519.getName());
      PrivateKey secret =
          factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, key));
      KeyAgreement agreement = KeyAgreement.getInstance(NamedParameterSpec.X25519.getName());
      agreement.init(secret);
      agreement.doPhase(
          factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE)), true);
      return Bech32.getEncoder().encode(PUBLIC, agreement.generateSecret()).toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no X25519", e);
    }
  }
}
